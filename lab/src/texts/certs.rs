//! What `certs` says.

super::texts! {
    NOTHING_MISSING {
        fr: "Rien ne manque dans {folder}.",
        en: "Nothing is missing in {folder}.",
    }
    RENEWED {
        fr: "Clés et certificats renouvelés ; les autorités n'ont pas changé. Les services en marche les prennent en une seconde environ.",
        en: "Keys and certificates renewed; the authorities have not changed. Running services take them within a second or so.",
    }
    TRUST {
        fr: "À faire confiance (curl --cacert, navigateur) : {root}",
        en: "To be trusted (curl --cacert, browser): {root}",
    }
    NONE { fr: "Pas encore de certificats : cargo lab certs", en: "No certificates yet: cargo lab certs" }
    COLUMN_NAME { fr: "certificat", en: "certificate" }
    COLUMN_SPIFFE { fr: "identité SPIFFE", en: "SPIFFE id" }
    COLUMN_NAMES { fr: "noms", en: "names" }
    COLUMN_DAYS { fr: "jours restants", en: "days left" }
}
