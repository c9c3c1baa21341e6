//! The help of `lab` itself, and of the options that several commands share.

super::entries! {
    "lab" {
        fr: "Escale : démarrer la plateforme, l'observer, l'attaquer, la défendre. Sans commande : où j'en suis",
        en: "Escale: start the platform, watch it, attack it, defend it. Without a command: where I am",
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
    "exercise" {
        fr: "Le TP : 04, 4, rate-limiting ; sans lui, celui où vous êtes",
        en: "The lab: 04, 4, rate-limiting; without it, the one that you are at",
    }
    "--no-branch" {
        fr: "Sans git : échanger les fichiers sur place, les originaux sont gardés",
        en: "Without git: swap the files in place, the originals are kept",
    }
}
