//! The one task that owns the supervisor's state and takes one event at a time.

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use serde_json::json;
use service_kit::clock::Clock;
use tokio::sync::{mpsc, oneshot, watch};

use super::Plan;
use super::child::{Happened, Launch, News};
use super::slots::{Slot, Slots};
use crate::console::Console;
use crate::control::server::Asked;
use crate::control::{Reply, Request};
use crate::environment;
use crate::log_files::{Line, LogWriter};
use crate::service::Service;
use crate::service_status::{Ending, ServiceStatus, State};
use crate::state_file::StateFile;
use crate::texts::start;

pub(super) struct Supervisor {
    pub plan: Plan,
    pub console: Console,
    pub state: StateFile,
    pub slots: Slots,
    /// Stop requests that are answered when their services have ended.
    pub waiting: Vec<(Option<Service>, oneshot::Sender<Reply>)>,
    /// All have been told to stop; nothing is started any more.
    pub ending: bool,
    pub happened: mpsc::Sender<Happened>,
    pub watched: watch::Sender<Vec<ServiceStatus>>,
    pub shown: Option<mpsc::Sender<Line>>,
    pub own_log: LogWriter,
}

impl Supervisor {
    pub async fn run(
        mut self,
        mut requests: mpsc::Receiver<Asked>,
        mut happenings: mpsc::Receiver<Happened>,
    ) {
        loop {
            tokio::select! {
                Some((request, reply_to)) = requests.recv() => self.take(request, reply_to),
                Some(happened) = happenings.recv() => self.note(happened),
            }
            if self.ending && self.slots.ended(None) {
                break;
            }
            if let Err(error) = self.publish() {
                self.log(&format!("{}: {error}", self.state_path().display()));
            }
            self.answer_waiting();
        }
        // Before the answer: whoever is told that all has stopped may start anew at once.
        let _ = StateFile::remove(&self.state_path(), &self.state.control_secret);
        self.watched.send_replace(self.slots.statuses());
        self.answer_waiting();
    }

    fn take(&mut self, request: Request, reply_to: oneshot::Sender<Reply>) {
        match request {
            Request::Stop { service } => {
                self.ending |= service.is_none();
                self.slots.stop(service);
                self.waiting.push((service, reply_to));
            }
            Request::Start { service } if !self.ending && self.slots.ended(Some(service)) => {
                self.start(service);
                self.reply(reply_to);
            }
            Request::Start { .. } | Request::Status => self.reply(reply_to),
        }
    }

    fn note(&mut self, happened: Happened) {
        let Some(slot) = self.slots.current(happened.service, happened.generation) else {
            return;
        };
        match happened.news {
            News::Ready if slot.status.state == State::Starting => slot.enter(State::Ready),
            News::Ready => {}
            News::Ended(ending) => {
                if slot.end(ending.clone()) {
                    self.tell_death(happened.service, &ending);
                }
            }
        }
    }

    pub fn start(&mut self, service: Service) {
        let generation = self.slots.next_generation(service);
        let ports = &self.plan.layout.ports;
        let mut slot = Slot {
            generation,
            child: None,
            status: ServiceStatus {
                service,
                address: ports.address(service),
                admin: ports.admin(service),
                pid: None,
                state: State::Starting,
                since: Clock::system().now(),
                ending: None,
                log_offset: 0,
            },
        };
        if let Err(error) = self.launch(&mut slot) {
            let ending = Ending::CannotStart(error.to_string());
            slot.end(ending.clone());
            self.tell_death(service, &ending);
        }
        self.slots.put(slot);
    }

    fn launch(&self, slot: &mut Slot) -> io::Result<()> {
        let service = slot.status.service;
        let layout = &self.plan.layout;
        let (log, log_offset) = LogWriter::open(
            &layout.log(service.name()),
            service.name(),
            self.shown.clone(),
        )?;
        slot.status.log_offset = log_offset;
        let program = self.plan.programs.of(service);
        let launch = Launch {
            service,
            generation: slot.generation,
            program: self.plan.programs.runnable(&program, &layout.run())?,
            variables: environment::of(service, layout),
            folder: layout.home.clone(),
            admin: slot.status.admin,
            log,
        };
        let child = launch.start(self.happened.clone())?;
        slot.status.pid = child.pid;
        slot.child = Some(child);
        Ok(())
    }

    fn tell_death(&self, service: Service, ending: &Ending) {
        let ending = ending.describe(&self.console);
        let values: [(&str, &dyn Display); 2] = [("service", &service), ("ending", &ending)];
        self.log(&self.console.text(&start::SERVICE_DIED_LATER, &values));
    }

    /// A line in the supervisor's own log, in the form that the services' lines have.
    fn log(&self, message: &str) {
        let timestamp = Clock::system().now();
        let line = json!({"timestamp": timestamp, "level": "ERROR", "message": message});
        self.own_log.write(&[line.to_string()]);
    }

    fn answer_waiting(&mut self) {
        for (service, reply_to) in std::mem::take(&mut self.waiting) {
            if self.slots.ended(service) {
                self.reply(reply_to);
            } else {
                self.waiting.push((service, reply_to));
            }
        }
    }

    fn reply(&self, reply_to: oneshot::Sender<Reply>) {
        // A caller that has gone away needs no answer.
        let _ = reply_to.send(Reply {
            services: self.slots.statuses(),
        });
    }

    /// Tells those who watch, and writes the state file where something changed.
    pub fn publish(&mut self) -> io::Result<()> {
        let statuses = self.slots.statuses();
        if statuses == self.state.services && self.state_path().exists() {
            return Ok(());
        }
        self.state.services = statuses.clone();
        self.watched.send_replace(statuses);
        self.state.write(&self.state_path())
    }

    fn state_path(&self) -> PathBuf {
        self.plan.layout.state()
    }
}
