//! The help of the verbs of [`crate::cli::gateway`].

super::entries! {
    "lab audit" { fr: "Vérifier ou montrer le journal d'audit", en: "Verify or show the audit log" }
    "lab audit verify" {
        fr: "Dire si le journal d'audit est entier ; code 1 si une ligne fut changée, ôtée ou ajoutée",
        en: "Say whether the audit log is whole; exit code 1 when a line was changed, removed or added",
    }
    "lab audit verify file" {
        fr: "Le journal (sinon data/audit/gateway.jsonl)",
        en: "The log (else data/audit/gateway.jsonl)",
    }
    "lab audit show" { fr: "Montrer les enregistrements du journal d'audit", en: "Show the records of the audit log" }
    "lab audit show file" {
        fr: "Le journal (sinon data/audit/gateway.jsonl)",
        en: "The log (else data/audit/gateway.jsonl)",
    }
    "lab audit show --user" {
        fr: "Seulement ceux de cet utilisateur (son identifiant)",
        en: "Only those of this user (the id)",
    }
    "lab audit show --action" {
        fr: "Seulement cette action, par exemple booking.create",
        en: "Only this action, for example booking.create",
    }
    "lab audit show --request" {
        fr: "Seulement cette requête (requestId d'une réponse)",
        en: "Only this request (an answer's requestId)",
    }
    "lab audit show --last" { fr: "Seulement les derniers, tant", en: "Only so many of the last ones" }
    "lab token" { fr: "Afficher un jeton d'accès, et rien d'autre", en: "Print an access token, and nothing else" }
    "lab token --user" { fr: "Le compte de démonstration à connecter", en: "The demo account to log in" }
    "lab token --client" { fr: "L'application de démonstration", en: "The demo application" }
    "lab token --scope" {
        fr: "Les droits voulus par l'application, séparés par des espaces",
        en: "The scopes that the application wants, separated by spaces",
    }
    "lab token --expired" {
        fr: "Un jeton signé par cette machine et déjà expiré, pour voir le refus",
        en: "A token that this machine has signed and that is over, to see the refusal",
    }
    "lab postman" {
        fr: "Écrire l'environnement de Postman : adresses, comptes et autorité de cette machine",
        en: "Write Postman's environment: addresses, accounts and authority of this machine",
    }
    "lab postman --output" {
        fr: "Le fichier à écrire (sinon dans data/postman/) ; il contient des mots de passe",
        en: "The file to write (else in data/postman/); it holds passwords",
    }
    "lab postman --collection" {
        fr: "Récrire plutôt la collection du projet, pour qui a changé ses sources",
        en: "Instead, write the project's collection anew, for who has changed its sources",
    }
    "lab demo" {
        fr: "Montrer tout un parcours : compte, connexion, recherche, réservation, paiement",
        en: "Show a whole journey: account, login, search, booking, payment",
    }
    "lab jail" {
        fr: "Montrer qui la passerelle a suspendu, ou libérer quelqu'un",
        en: "Show whom the gateway has banned, or free somebody",
    }
    "lab jail action" { fr: "Montrer, ou libérer", en: "Show, or free" }
    "lab jail key" {
        fr: "Pour free : une adresse, ou user: et un identifiant",
        en: "For free: an address, or user: and an id",
    }
}
