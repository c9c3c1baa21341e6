//! The help of every command and option. A test finds one without its two texts.

use super::Text;

/// By path: `lab`, `lab up`, `lab up --only`. Options that several commands share stand once, as `--name`.
pub fn find(path: &str) -> Option<Text> {
    let own = |wanted: &str| {
        HELP.iter()
            .find(|(key, _)| *key == wanted)
            .map(|(_, text)| *text)
    };
    let shared = path.rfind(" --").and_then(|at| own(&path[at + 1..]));
    own(path).or(shared)
}

const fn text(fr: &'static str, en: &'static str) -> Text {
    Text { fr, en }
}

const HELP: &[(&str, Text)] = &[
    (
        "lab",
        text(
            "Escale : démarrer, observer et éprouver la plateforme",
            "Escale: start, watch and try the platform",
        ),
    ),
    (
        "--json",
        text(
            "Réponse en JSON, pour un programme",
            "Answer in JSON, for a program",
        ),
    ),
    (
        "--lang",
        text(
            "Langue, sinon celle de LC_ALL ou LANG",
            "Language, else that of LC_ALL or LANG",
        ),
    ),
    ("--help", text("Afficher l'aide", "Show help")),
    ("--version", text("Afficher la version", "Show the version")),
    (
        "--url",
        text(
            "Adresse de la passerelle (sinon celle qui tourne ici)",
            "The gateway's address (else the one that runs here)",
        ),
    ),
    (
        "--cacert",
        text(
            "Autorité de certification de la passerelle (sinon certs/ca.pem)",
            "The gateway's certificate authority (else certs/ca.pem)",
        ),
    ),
    (
        "lab help",
        text(
            "Afficher l'aide d'une commande",
            "Show the help of a command",
        ),
    ),
    (
        "lab up",
        text(
            "Compiler et démarrer la plateforme",
            "Build and start the platform",
        ),
    ),
    (
        "lab up --detach",
        text(
            "Démarrer en arrière-plan et rendre la main",
            "Start in the background and return",
        ),
    ),
    (
        "lab up --fresh",
        text(
            "Repartir à neuf : effacer bases, journaux, comptes et secrets",
            "Begin anew: remove databases, logs, accounts and secrets",
        ),
    ),
    (
        "lab up --release",
        text("Compiler en mode optimisé", "Build with optimisations"),
    ),
    (
        "lab up --no-build",
        text(
            "Ne pas compiler : prendre les programmes à côté de celui-ci",
            "Do not build: take the programs beside this one",
        ),
    ),
    (
        "lab up --only",
        text(
            "Seulement ces services, séparés par des virgules",
            "These services only, separated by commas",
        ),
    ),
    (
        "lab up --without",
        text("Tous les services sauf ceux-ci", "All services but these"),
    ),
    (
        "lab up --port",
        text(
            "Changer un port : SERVICE=PORT ; peut être répété",
            "Change a port: SERVICE=PORT; may be repeated",
        ),
    ),
    (
        "lab down",
        text(
            "Arrêter la plateforme, ou un service",
            "Stop the platform, or one service",
        ),
    ),
    (
        "lab down service",
        text(
            "Le service à arrêter ; tous sans lui",
            "The service to stop; all without it",
        ),
    ),
    (
        "lab status",
        text(
            "Montrer ce qui tourne ; code 1 si quelque chose manque",
            "Show what runs; exit code 1 when something is down",
        ),
    ),
    (
        "lab logs",
        text(
            "Afficher les journaux, réunis dans l'ordre du temps",
            "Show the logs, merged by time",
        ),
    ),
    (
        "lab logs service",
        text(
            "Le service dont on veut le journal ; tous sans lui",
            "The service whose log is wanted; all without it",
        ),
    ),
    (
        "lab logs --follow",
        text(
            "Continuer à afficher ce qui s'ajoute",
            "Go on showing what is added",
        ),
    ),
    (
        "lab logs --lines",
        text(
            "Seulement les dernières lignes, tant",
            "Only so many of the last lines",
        ),
    ),
    (
        "lab doctor",
        text(
            "Vérifier cette machine, et dire quoi faire",
            "Check this machine, and say what to do",
        ),
    ),
    (
        "lab certs",
        text(
            "Créer, renouveler ou montrer les certificats",
            "Make, renew or show the certificates",
        ),
    ),
    (
        "lab certs action",
        text(
            "Créer ce qui manque (par défaut), renouveler, ou montrer",
            "Make what is missing (default), renew, or show",
        ),
    ),
    (
        "lab certs --renew",
        text("Comme `certs renew`", "The same as `certs renew`"),
    ),
    (
        "lab accounts",
        text(
            "Montrer les comptes de démonstration et leurs mots de passe",
            "Show the demo accounts and their passwords",
        ),
    ),
    (
        "lab audit",
        text(
            "Vérifier ou montrer le journal d'audit",
            "Verify or show the audit log",
        ),
    ),
    (
        "lab audit verify",
        text(
            "Dire si le journal d'audit est entier ; code 1 si une ligne fut changée, ôtée ou ajoutée",
            "Say whether the audit log is whole; exit code 1 when a line was changed, removed or added",
        ),
    ),
    (
        "lab audit verify file",
        text(
            "Le journal (sinon data/audit/gateway.jsonl)",
            "The log (else data/audit/gateway.jsonl)",
        ),
    ),
    (
        "lab audit show",
        text(
            "Montrer les enregistrements du journal d'audit",
            "Show the records of the audit log",
        ),
    ),
    (
        "lab audit show file",
        text(
            "Le journal (sinon data/audit/gateway.jsonl)",
            "The log (else data/audit/gateway.jsonl)",
        ),
    ),
    (
        "lab audit show --user",
        text(
            "Seulement ceux de cet utilisateur (son identifiant)",
            "Only those of this user (the id)",
        ),
    ),
    (
        "lab audit show --action",
        text(
            "Seulement cette action, par exemple booking.create",
            "Only this action, for example booking.create",
        ),
    ),
    (
        "lab audit show --request",
        text(
            "Seulement cette requête (requestId d'une réponse)",
            "Only this request (an answer's requestId)",
        ),
    ),
    (
        "lab audit show --last",
        text(
            "Seulement les derniers, tant",
            "Only so many of the last ones",
        ),
    ),
    (
        "lab token",
        text(
            "Afficher un jeton d'accès, et rien d'autre",
            "Print an access token, and nothing else",
        ),
    ),
    (
        "lab token --user",
        text(
            "Le compte de démonstration à connecter",
            "The demo account to log in",
        ),
    ),
    (
        "lab token --client",
        text("L'application de démonstration", "The demo application"),
    ),
    (
        "lab token --scope",
        text(
            "Les droits voulus par l'application, séparés par des espaces",
            "The scopes that the application wants, separated by spaces",
        ),
    ),
    (
        "lab demo",
        text(
            "Montrer tout un parcours : compte, connexion, recherche, réservation, paiement",
            "Show a whole journey: account, login, search, booking, payment",
        ),
    ),
    (
        "lab jail",
        text(
            "Montrer qui la passerelle a suspendu, ou libérer quelqu'un",
            "Show whom the gateway has banned, or free somebody",
        ),
    ),
    (
        "lab jail action",
        text("Montrer, ou libérer", "Show, or free"),
    ),
    (
        "lab jail key",
        text(
            "Pour free : une adresse, ou user: et un identifiant",
            "For free: an address, or user: and an id",
        ),
    ),
];
