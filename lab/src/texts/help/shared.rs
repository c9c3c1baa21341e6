//! The help of `lab` itself, and of the options that several commands share.

super::entries! {
    "lab" {
        fr: "Escale : démarrer, observer et éprouver la plateforme",
        en: "Escale: start, watch and try the platform",
    }
    "--json" { fr: "Réponse en JSON, pour un programme", en: "Answer in JSON, for a program" }
    "--lang" { fr: "Langue, sinon celle de LC_ALL ou LANG", en: "Language, else that of LC_ALL or LANG" }
    "--help" { fr: "Afficher l'aide", en: "Show help" }
    "--version" { fr: "Afficher la version", en: "Show the version" }
    "--url" {
        fr: "Adresse de la passerelle (sinon celle qui tourne ici)",
        en: "The gateway's address (else the one that runs here)",
    }
    "--cacert" {
        fr: "Autorité de certification de la passerelle (sinon certs/ca.pem)",
        en: "The gateway's certificate authority (else certs/ca.pem)",
    }
}
