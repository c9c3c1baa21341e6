//! The verbs of a learner at a lab.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum ExerciseVerb {
    List,
    Start(Start),
    Attack(Chosen),
    Check(Chosen),
    Watch(Chosen),
    Hint(Hint),
    Quiz(Quiz),
    Diff(Diff),
    Reset(Chosen),
    Leave(Chosen),
    Next(Next),
    Branches(Branches),
}

/// Which lab; the one that the learner is at, where nothing is said.
#[derive(Debug, Args)]
pub struct Chosen {
    #[arg(value_name = "NN")]
    pub exercise: Option<String>,
}

#[derive(Debug, Args)]
pub struct Start {
    #[arg(value_name = "NN")]
    pub exercise: String,
    #[arg(long)]
    pub no_branch: bool,
}

#[derive(Debug, Args)]
pub struct Next {
    #[arg(long)]
    pub no_branch: bool,
}

#[derive(Debug, Args)]
pub struct Hint {
    #[command(flatten)]
    pub chosen: Chosen,
    #[arg(long)]
    pub again: bool,
}

#[derive(Debug, Args)]
pub struct Quiz {
    #[command(flatten)]
    pub chosen: Chosen,
    #[arg(long, value_delimiter = ',', value_name = "LETTER,...")]
    pub answers: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    pub chosen: Chosen,
    #[arg(long)]
    pub unlock: bool,
}

#[derive(Debug, Args)]
pub struct Branches {
    #[arg(long)]
    pub force: bool,
}
