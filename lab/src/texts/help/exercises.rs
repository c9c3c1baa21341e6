//! The help of the verbs of [`crate::cli::exercises`].

super::entries! {
    "lab list" { fr: "Les TP : durée, règles, état", en: "The labs: time, rules, state" }
    "lab start" {
        fr: "Commencer un TP, ou y revenir : une branche où la défense est retirée, et le texte",
        en: "Begin a lab, or go back to it: a branch with the defence taken out, and the text",
    }
    "lab start exercise" { fr: "Le TP : 04, 4, rate-limiting", en: "The lab: 04, 4, rate-limiting" }
    "lab attack" {
        fr: "Lancer l'attaque contre votre code ; code 0 si elle réussit, 1 si elle échoue",
        en: "Run the attack against your code; exit code 0 when it succeeds, 1 when it fails",
    }
    "lab check" { fr: "Vérifier votre code, critère par critère", en: "Check your code, criterion by criterion" }
    "lab watch" { fr: "Vérifier à chaque enregistrement", en: "Check at every save" }
    "lab hint" { fr: "L'indice suivant, sur trois", en: "The next hint, of three" }
    "lab hint --again" { fr: "Revoir les indices déjà donnés", en: "See the hints that were given already" }
    "lab quiz" { fr: "Cinq questions, chaque erreur expliquée", en: "Five questions, every mistake explained" }
    "lab quiz --answers" {
        fr: "Les réponses, sans question posée : b,a,c,d,a",
        en: "The answers, with no question asked: b,a,c,d,a",
    }
    "lab diff" {
        fr: "Votre code à côté du code de référence, une fois le TP réussi",
        en: "Your code beside the reference, once the lab is done",
    }
    "lab diff --unlock" {
        fr: "Le montrer avant la réussite ; c'est noté",
        en: "Show it before the lab is done; that is written down",
    }
    "lab reset" { fr: "Revenir au départ ; votre travail est gardé", en: "Back to the start; your work is kept" }
    "lab leave" {
        fr: "Quitter un TP commencé sur place : les fichiers d'origine reviennent, votre travail attend",
        en: "Leave a lab that was begun in place: the original files come back, your work waits",
    }
    "lab next" { fr: "Commencer le premier TP qui n'est pas fait", en: "Begin the first lab that is not done" }
    "lab branches" {
        fr: "Créer les branches de tous les TP, pour qui les publie",
        en: "Make the branches of all labs, for who publishes them",
    }
    "lab branches --force" {
        fr: "Remplacer aussi celles qui diffèrent",
        en: "Overwrite those that differ too",
    }
}
