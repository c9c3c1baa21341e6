//! What `postman` says.

super::texts! {
    WRITTEN {
        fr: "Écrit : {path} (des mots de passe y sont : ce fichier ne quitte pas cette machine)",
        en: "Written: {path} (passwords are in it: this file does not leave this machine)",
    }
    IMPORT {
        fr: "À importer dans Postman avec {collection} ; choisissez ensuite l'environnement « Escale ».",
        en: "Import it into Postman together with {collection}; then choose the environment \"Escale\".",
    }
    AUTHORITY {
        fr: "Settings, Certificates, CA certificates : {path}. Laissez « SSL certificate verification » activé.",
        en: "Settings, Certificates, CA certificates: {path}. Leave \"SSL certificate verification\" on.",
    }
    NO_EXPIRED_TOKEN {
        fr: "La variable expiredToken reste vide ({reason}).",
        en: "The variable expiredToken stays empty ({reason}).",
    }
    ELSEWHERE { fr: "la plateforme n'est pas sur cette machine", en: "the platform is not on this machine" }
    NO_SOURCES { fr: "La collection ne peut pas être faite : {error}", en: "The collection cannot be made: {error}" }
    UNWRITABLE { fr: "{path} ne peut pas être écrit : {error}", en: "{path} cannot be written: {error}" }
}
