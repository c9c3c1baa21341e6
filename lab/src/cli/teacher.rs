//! The verbs of who teaches with the labs, or writes them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum TeacherVerb {
    Verify {
        #[arg(value_name = "NN")]
        labs: Vec<String>,
    },
    Handout(Handout),
    Grade(Grade),
    /// One step of `grade` in a process of its own; what to do is read from standard input.
    #[command(hide = true)]
    GradingStep {
        task: PathBuf,
    },
    /// Closes a cage around itself, then becomes the program that is named.
    #[command(hide = true)]
    Confine {
        #[arg(long)]
        read: Vec<PathBuf>,
        #[arg(long)]
        write: Vec<PathBuf>,
        #[arg(last = true, required = true)]
        program: Vec<std::ffi::OsString>,
    },
}

#[derive(Debug, Args)]
pub struct Handout {
    pub folder: PathBuf,
    #[arg(long, value_name = "CSV")]
    pub roster: Option<PathBuf>,
    #[arg(long, value_delimiter = ',', value_name = "NN,...")]
    pub labs: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Grade {
    #[arg(required = true, value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    #[arg(long = "lab", value_name = "NN")]
    pub labs: Vec<String>,
    #[arg(long, value_name = "CSV")]
    pub roster: Option<PathBuf>,
    #[arg(long, value_name = "FOLDER", default_value = "grades")]
    pub out: PathBuf,
    #[arg(long, value_name = "WORD")]
    pub seed: Option<String>,
}
