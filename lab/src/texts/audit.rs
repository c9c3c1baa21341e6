//! What `audit verify` and `audit show` say.

super::texts! {
    WHOLE {
        fr: "Le journal d'audit est entier : {records} enregistrements, jusqu'au numéro {last}. Rien n'y a été changé, ôté ni ajouté.",
        en: "The audit log is whole: {records} records, up to number {last}. Nothing was changed, removed or added.",
    }
    PRUNED {
        fr: "Les {pruned} premiers enregistrements ont plus de six mois et ont été effacés ; le point de contrôle signé prouve la suite.",
        en: "The first {pruned} records were older than six months and were pruned; the signed checkpoint proves what follows.",
    }
    UNANCHORED {
        fr: "Les {unanchored} derniers ne sont pas encore dans l'ancre : la passerelle tourne, ou elle a été tuée.",
        en: "The last {unanchored} are not in the anchor yet: the gateway runs, or it was killed.",
    }
    TORN {
        fr: "La dernière ligne est coupée ({torn} octets) : la passerelle a été tuée pendant l'écriture. Au prochain démarrage elle le réparera, et le dira dans le journal.",
        en: "The last line is torn ({torn} bytes): the gateway was killed while writing. At its next start it will mend that, and say so in the log.",
    }
    BROKEN {
        fr: "Le journal d'audit N'EST PAS entier. Gardez-le tel quel : c'est une preuve.",
        en: "The audit log is NOT whole. Keep it as it is: it is evidence.",
    }
    AT_LINE { fr: "{file}, ligne {line} : {damage}", en: "{file}, line {line}: {damage}" }
    NOT_A_RECORD { fr: "ce n'est pas un enregistrement entier", en: "this is no whole record" }
    CHANGED {
        fr: "cet enregistrement a été changé : son empreinte ne correspond plus",
        en: "this record was changed: its hash does not match any more",
    }
    FORGED {
        fr: "cet enregistrement n'a pas été écrit par la passerelle : son code (MAC) est faux",
        en: "this record was not written by the gateway: its code (MAC) is wrong",
    }
    REMOVED {
        fr: "avant cette ligne, il manque les enregistrements {first} à {last}",
        en: "before this line, records {first} to {last} are missing",
    }
    MISPLACED {
        fr: "ici se trouve l'enregistrement {found} au lieu du {expected} : une ligne a été ajoutée, déplacée ou répétée",
        en: "record {found} stands here instead of {expected}: a line was added, moved or repeated",
    }
    UNLINKED {
        fr: "cet enregistrement ne suit pas celui de la ligne précédente",
        en: "this record does not follow that of the line before",
    }
    NOT_ANCHORED {
        fr: "cet enregistrement n'est pas celui que l'ancre nomme",
        en: "this record is not the one that the anchor names",
    }
    TRUNCATED {
        fr: "{file}, après la ligne {lines} : la fin est coupée. Le journal s'arrête au numéro {found}, l'ancre connaît le {expected}",
        en: "{file}, after line {lines}: the end was cut off. The log stops at number {found}, the anchor knows of {expected}",
    }
    HEAD_MISSING { fr: "l'ancre {file} manque", en: "the anchor {file} is missing" }
    HEAD_FORGED {
        fr: "l'ancre {file} a été changée, ou appartient à une autre clé",
        en: "the anchor {file} was changed, or belongs to another key",
    }
    UNREADABLE { fr: "{file} ne peut pas être lu ({error})", en: "{file} cannot be read ({error})" }
    NO_LOG {
        fr: "Aucun journal d'audit ici ({file}) : la passerelle n'a pas encore tourné.",
        en: "No audit log here ({file}): the gateway has not run yet.",
    }
    NO_KEY {
        fr: "La clé du journal d'audit manque : ni AUDIT_KEY, ni AUDIT_KEY_FILE, ni {path} ({error}).",
        en: "The key of the audit log is missing: neither AUDIT_KEY, nor AUDIT_KEY_FILE, nor {path} ({error}).",
    }
    BAD_KEY { fr: "La clé du journal d'audit ne convient pas : {fault}", en: "The key of the audit log does not fit: {fault}" }
}
