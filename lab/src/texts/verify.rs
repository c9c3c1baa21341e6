//! What `verify` says.

super::texts! {
    BUILDING { fr: "Compilation : {variant}", en: "Building: {variant}" }
    COLUMN_LAB { fr: "TP", en: "lab" }
    COLUMN_POINT { fr: "point", en: "point" }
    COLUMN_OF { fr: "de", en: "of" }
    COLUMN_RESULT { fr: "résultat", en: "result" }
    COLUMN_SECONDS { fr: "s", en: "s" }
    PROVEN { fr: "prouvé", en: "proven" }
    FAULTY { fr: "NON", en: "NO" }
    POINT_STARTER { fr: "1 départ", en: "1 starter" }
    POINT_ATTACK { fr: "2 attaque", en: "2 attack" }
    POINT_REFERENCE { fr: "3 référence", en: "3 reference" }
    POINT_DECOYS { fr: "4 leurres", en: "4 decoys" }
    POINT_TEXTS { fr: "5 textes", en: "5 texts" }
    POINT_TOGETHER { fr: "6 tous les départs ensemble", en: "6 all starters at once" }
    WHOLE { fr: "complets", en: "whole" }
    ON_STARTER { fr: "sur le départ", en: "on the starter" }
    ON_REFERENCE { fr: "sur la référence", en: "on the reference" }
    BLOCKS {
        fr: "{lang} : {run} blocs exécutés, {skipped} non",
        en: "{lang}: {run} blocks run, {skipped} not",
    }
    SUMMARY {
        fr: "{labs} TP, {proven} preuves, {faults} fautes, {decoys} leurres attrapés, {seconds} s",
        en: "{labs} labs, {proven} proofs, {faults} faults, {decoys} decoys caught, {seconds} s",
    }
    NOT_BUILT_IN {
        fr: "Ce programme a été compilé sans {folders}. Enregistrez exercises/build.rs une fois sans le changer (touch), puis relancez.",
        en: "This program was built without {folders}. Save exercises/build.rs once without changing it (touch), then run again.",
    }
    NO_BASH {
        fr: "SAUTÉ : bash n'est pas installé, les commandes des textes ne sont pas essayées.",
        en: "SKIPPED: bash is not installed, the commands of the texts are not tried.",
    }
    FEW_DECOYS {
        fr: "{count} leurres, il en faut au moins {wanted}",
        en: "{count} decoys, {wanted} are wanted at the least",
    }
    FEW_FUNCTIONAL {
        fr: "{count} critères seulement sont remplis par le départ et par la référence : tout refuser rapporterait",
        en: "only {count} criteria are met by both starter and reference: refusing everything would earn something",
    }
    SECTIONS { fr: "{file} : les parties doivent être {wanted}", en: "{file}: the sections must be {wanted}" }
    LENGTH {
        fr: "{file} : {lines} lignes, il en faut de {fewest} à {most}",
        en: "{file}: {lines} lines, {fewest} to {most} are wanted",
    }
    NO_BLOCK { fr: "{file} : aucun bloc {mark}", en: "{file}: no {mark} block" }
    UNKNOWN_MARK {
        fr: "{file}:{line} : bloc de marque inconnue",
        en: "{file}:{line}: a block with an unknown mark",
    }
    ANSWER_TO_NOTHING {
        fr: "{file}:{line} : réponse sans commande",
        en: "{file}:{line}: an answer without a command",
    }
    NO_END { fr: "{file}:{line} : bloc sans fin", en: "{file}:{line}: a block without end" }
    NO_REASON {
        fr: "{file}:{line} : ce bloc n'est pas exécuté, et le texte ne dit pas pourquoi (un paragraphe qui parle des tests, ou <!-- not run: … -->)",
        en: "{file}:{line}: this block is not run, and the text does not say why (a paragraph that speaks of the tests, or <!-- not run: … -->)",
    }
    COMMANDS_AS_TEXT {
        fr: "{file}:{line} : des commandes dans un bloc que personne n'exécute ; sa marque doit être sh ou powershell",
        en: "{file}:{line}: commands in a block that nobody runs; its mark must be sh or powershell",
    }
    NO_TODO { fr: "aucun fichier de départ ne contient {todo}", en: "no starter file says {todo}" }
    IS_REFERENCE {
        fr: "{variant} : aucun fichier ne diffère de la référence",
        en: "{variant}: no file differs from the reference",
    }
    UNKNOWN_CRITERION { fr: "lab.toml nomme le critère {id}, qui n'existe pas", en: "lab.toml names the criterion {id}, which does not exist" }
    SHARED_FILE {
        fr: "{file} est aussi un fichier du TP {other}",
        en: "{file} is a file of lab {other} too",
    }
    NO_ATTACK { fr: "il n'y a pas d'attaque", en: "there is no attack" }
    NOT_CAUGHT {
        fr: "le critère {id} ne l'attrape pas ({reasons})",
        en: "the criterion {id} does not catch it ({reasons})",
    }
    ALL_MET { fr: "tous les critères sont remplis", en: "every criterion is met" }
    OTHER_CRITERIA {
        fr: "il doit échouer à : {wanted} ; il échoue à : {failed}",
        en: "it is to fail: {wanted}; it fails: {failed}",
    }
    COMMAND_FAILED {
        fr: "ligne {line} : {failed} ; sortie : {output}",
        en: "line {line}: {failed}; output: {output}",
    }
    OTHER_ANSWER {
        fr: "ligne {line} : le texte montre « {wanted} », il vient « {came} »",
        en: "line {line}: the text shows \"{wanted}\", what comes is \"{came}\"",
    }
}
