//! The help of the verbs of [`crate::cli::teacher`].

super::entries! {
    "lab verify" {
        fr: "Prouver de chaque TP que sa boucle se ferme : départ, attaque, référence, leurres, textes",
        en: "Prove of each lab that its loop closes: starter, attack, reference, decoys, texts",
    }
    "lab verify labs" { fr: "Ces TP seulement : 04", en: "These labs only: 04" }
    "lab handout" {
        fr: "Préparer le dépôt des étudiants, sans références, leurres ni critères cachés",
        en: "Prepare the students' repository, without references, decoys or hidden criteria",
    }
    "lab handout folder" { fr: "Dossier à créer", en: "Folder to make" }
    "lab handout --roster" {
        fr: "Liste des étudiants (colonne student) : un dossier pour chacun",
        en: "List of students (column student): a folder for each",
    }
    "lab handout --labs" { fr: "Ces TP seulement", en: "These labs only" }
    "lab grade" {
        fr: "Noter des rendus avec les critères de cette copie, critères cachés compris",
        en: "Grade submissions by the criteria of this copy, hidden ones included",
    }
    "lab grade folders" {
        fr: "Un rendu, ou un dossier qui en contient",
        en: "A submission, or a folder of submissions",
    }
    "lab grade --lab" { fr: "Ce TP seulement (plusieurs fois possible)", en: "This lab only (may be given several times)" }
    "lab grade --roster" {
        fr: "Liste des étudiants : qui n'a rien rendu y est noté aussi",
        en: "List of students: who handed in nothing has a row too",
    }
    "lab grade --out" {
        fr: "Dossier des résultats : CSV pour Moodle, JSON, JUnit",
        en: "Folder for the results: CSV for Moodle, JSON, JUnit",
    }
    "lab grade --seed" {
        fr: "Mot dont dépendent les valeurs tirées au sort, pour noter une seconde fois à l'identique",
        en: "Word that the drawn values depend on, to grade a second time alike",
    }
}
