//! The `cargo lab` command: it makes certificates and secrets, starts and watches the platform, and shows it at work.
//!
//! Reading order: [`service`] (what there is to start), [`layout`] (where files and ports are), [`certs`], then
//! [`supervisor`] (how the services are started and stopped) and [`commands`] (one file a verb).

pub mod accounts;
pub mod answer_pattern;
pub mod cargo_build;
pub mod certs;
pub mod cli;
pub mod commands;
pub mod console;
pub mod control;
pub mod demo;
pub mod deployment;
pub mod doctor;
pub mod environment;
pub mod exercise;
pub mod expired_token;
pub mod gateway_client;
pub mod grade;
pub mod handout;
pub mod layout;
pub mod log_files;
pub mod log_line;
pub mod operator_client;
pub mod outcome;
pub mod page;
pub mod ports;
pub mod postman;
pub mod private_file;
pub mod programs;
pub mod random_text;
pub mod readiness;
pub mod service;
pub mod service_status;
pub mod signals;
pub mod state_file;
pub mod student;
pub mod supervisor;
pub mod texts;
pub mod verify;
pub mod warm;
pub mod workshop;
pub mod workspace_copy;
