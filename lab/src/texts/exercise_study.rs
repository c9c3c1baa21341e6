//! What `hint`, `quiz` and `diff` say.

super::texts! {
    BROKEN_HINTS { fr: "Les indices de ce TP sont abîmés : {fault}", en: "The hints of this lab are broken: {fault}" }
    HINT { fr: "Indice {number} sur {of}", en: "Hint {number} of {of}" }
    NO_HINT_YET {
        fr: "Aucun indice demandé jusqu'ici. Le premier : cargo lab hint {lab}",
        en: "No hint asked for so far. The first: cargo lab hint {lab}",
    }
    NO_MORE_HINTS {
        fr: "Il n'y a pas d'autre indice. Revoir les {of} : cargo lab hint {lab} --again. Voir le code de référence : cargo lab diff {lab} --unlock",
        en: "There are no more hints. To see the {of} again: cargo lab hint {lab} --again. To see the reference: cargo lab diff {lab} --unlock",
    }
    BROKEN_QUIZ { fr: "Le quiz de ce TP est abîmé : {fault}", en: "The quiz of this lab is broken: {fault}" }
    QUESTION { fr: "Question {number} sur {of}", en: "Question {number} of {of}" }
    ASK { fr: "Votre réponse ({letters}) :", en: "Your answer ({letters}):" }
    NO_SUCH_ANSWER { fr: "Répondez par une de ces lettres : {letters}.", en: "Answer with one of these letters: {letters}." }
    NO_ANSWER {
        fr: "Le quiz s'arrête : il n'y a plus de réponse à lire. Rien n'est noté.",
        en: "The quiz ends: there is no answer left to read. Nothing is written down.",
    }
    ANSWERS_WANTED {
        fr: "--answers veut {of} lettres, une par question, par exemple {example}",
        en: "--answers wants {of} letters, one a question, for example {example}",
    }
    RIGHT { fr: "Juste. {why}", en: "Right. {why}" }
    WRONG { fr: "Non. {why}", en: "No. {why}" }
    THE_RIGHT_ONE { fr: "La bonne réponse est {letter} : {why}", en: "The right answer is {letter}: {why}" }
    ANSWER_UNKNOWN {
        fr: "question {number} : pas de réponse « {answer} », il y a {letters}",
        en: "question {number}: no answer \"{answer}\", there are {letters}",
    }
    SCORE { fr: "Bonnes réponses : {right} sur {of}.", en: "Right answers: {right} of {of}." }
    LOCKED {
        fr: "Le code de référence se montre quand tous les critères sont remplis (cargo lab check {lab}). Pour le voir avant, et que cela soit noté : cargo lab diff {lab} --unlock",
        en: "The reference is shown when all criteria are met (cargo lab check {lab}). To see it before, and have that written down: cargo lab diff {lab} --unlock",
    }
    REFERENCE_AWAY {
        fr: "Le code de référence n'est pas dans ce dossier : votre enseignant l'a.",
        en: "The reference is not in this tree: your teacher has it.",
    }
    SAME_AS_REFERENCE { fr: "Votre code est le même que la référence.", en: "Your code is the same as the reference." }
    NAME_YOURS { fr: "vous/{file}", en: "yours/{file}" }
    NAME_REFERENCE { fr: "référence/{file}", en: "reference/{file}" }
}
