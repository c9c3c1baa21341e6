//! The help of the verbs of [`crate::cli::platform`].

super::entries! {
    "lab up" { fr: "Compiler et démarrer la plateforme", en: "Build and start the platform" }
    "lab up --detach" { fr: "Démarrer en arrière-plan et rendre la main", en: "Start in the background and return" }
    "lab up --fresh" {
        fr: "Repartir à neuf : effacer bases, journaux, comptes et secrets",
        en: "Begin anew: remove databases, logs, accounts and secrets",
    }
    "lab up --release" { fr: "Compiler en mode optimisé", en: "Build with optimisations" }
    "lab up --no-build" {
        fr: "Ne pas compiler : prendre les programmes à côté de celui-ci",
        en: "Do not build: take the programs beside this one",
    }
    "lab up --only" {
        fr: "Seulement ces services, séparés par des virgules",
        en: "These services only, separated by commas",
    }
    "lab up --without" { fr: "Tous les services sauf ceux-ci", en: "All services but these" }
    "lab up --port" {
        fr: "Changer un port : SERVICE=PORT ; peut être répété",
        en: "Change a port: SERVICE=PORT; may be repeated",
    }
    "lab down" { fr: "Arrêter la plateforme, ou un service", en: "Stop the platform, or one service" }
    "lab down service" { fr: "Le service à arrêter ; tous sans lui", en: "The service to stop; all without it" }
    "lab status" {
        fr: "Montrer ce qui tourne ; code 1 si quelque chose manque",
        en: "Show what runs; exit code 1 when something is down",
    }
    "lab logs" { fr: "Afficher les journaux, réunis dans l'ordre du temps", en: "Show the logs, merged by time" }
    "lab logs service" {
        fr: "Le service dont on veut le journal ; tous sans lui",
        en: "The service whose log is wanted; all without it",
    }
    "lab logs --follow" { fr: "Continuer à afficher ce qui s'ajoute", en: "Go on showing what is added" }
    "lab logs --lines" { fr: "Seulement les dernières lignes, tant", en: "Only so many of the last lines" }
    "lab doctor" { fr: "Vérifier cette machine, et dire quoi faire", en: "Check this machine, and say what to do" }
    "lab certs" { fr: "Créer, renouveler ou montrer les certificats", en: "Make, renew or show the certificates" }
    "lab certs action" {
        fr: "Créer ce qui manque (par défaut), renouveler, ou montrer",
        en: "Make what is missing (default), renew, or show",
    }
    "lab certs --renew" { fr: "Comme `certs renew`", en: "The same as `certs renew`" }
    "lab accounts" {
        fr: "Montrer les comptes de démonstration et leurs mots de passe",
        en: "Show the demo accounts and their passwords",
    }
}
