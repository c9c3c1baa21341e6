//! The supervisor's side of the control channel.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::{LONGEST_LINE, Reply, Request};

/// A caller that connects and says nothing is left after this.
const PATIENCE: Duration = Duration::from_secs(5);

/// A request, and where its answer goes.
pub type Asked = (Request, oneshot::Sender<Reply>);

pub struct ControlServer {
    listener: TcpListener,
    secret: String,
}

impl ControlServer {
    pub async fn bind(secret: String) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Ok(Self { listener, secret })
    }

    pub fn port(&self) -> io::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// Takes requests until the supervisor takes no more. A connection holds `busy` for as long as it lasts: who waits
    /// for its other end to close does not end the process before an answer is written.
    pub async fn serve(self, asked: mpsc::Sender<Asked>, busy: mpsc::Sender<()>) {
        while !asked.is_closed() {
            let Ok((stream, _)) = self.listener.accept().await else {
                continue;
            };
            let (secret, asked, busy) = (self.secret.clone(), asked.clone(), busy.clone());
            tokio::spawn(async move {
                let _busy = busy;
                // A caller that breaks off, or is not ours, gets nothing and is not worth a word.
                let _ = answer(stream, &secret, &asked).await;
            });
        }
    }
}

async fn answer(stream: TcpStream, secret: &str, asked: &mpsc::Sender<Asked>) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading.take(LONGEST_LINE)).lines();
    let two_lines =
        async { Ok::<_, io::Error>((lines.next_line().await?, lines.next_line().await?)) };
    let (Some(shown), Some(request)) = timeout(PATIENCE, two_lines).await?? else {
        return Ok(());
    };
    if verify_slices_are_equal(shown.as_bytes(), secret.as_bytes()).is_err() {
        return Ok(());
    }
    let request: Request = serde_json::from_str(&request)?;
    let (reply_to, reply) = oneshot::channel();
    if asked.send((request, reply_to)).await.is_err() {
        return Ok(());
    }
    let Ok(reply) = reply.await else {
        return Ok(());
    };
    let line = format!("{}\n", serde_json::to_string(&reply)?);
    writing.write_all(line.as_bytes()).await?;
    writing.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::client::Client;
    use crate::service::Service;
    use crate::service_status::{State, tests::status};

    async fn supervisor(secret: &str) -> (u16, mpsc::Receiver<Asked>) {
        let server = ControlServer::bind(secret.to_owned())
            .await
            .expect("a port");
        let port = server.port().expect("a port");
        let (asked, requests) = mpsc::channel(1);
        tokio::spawn(server.serve(asked, mpsc::channel(1).0));
        (port, requests)
    }

    #[tokio::test]
    async fn a_request_with_the_secret_is_answered() {
        let (port, mut requests) = supervisor("s3cret").await;
        let wanted = Request::Stop {
            service: Some(Service::Bank),
        };
        let reply = Reply {
            services: vec![status(Service::Bank, State::Stopped)],
        };
        let (expected, answer) = (wanted.clone(), reply.clone());
        tokio::spawn(async move {
            let (request, reply_to) = requests.recv().await.expect("a request");
            assert_eq!(request, expected);
            reply_to.send(answer).expect("the caller waits");
        });
        let client = Client::new(port, "s3cret".to_owned());
        assert_eq!(client.ask(&wanted).await.expect("an answer"), reply);
    }

    #[tokio::test]
    async fn without_the_secret_nothing_is_asked_and_nothing_answered() {
        let (port, mut requests) = supervisor("s3cret").await;
        for wrong in ["", "s3cre", "s3cret2"] {
            let client = Client::new(port, wrong.to_owned());
            client.ask(&Request::Status).await.expect_err("no answer");
        }
        assert!(
            requests.try_recv().is_err(),
            "nothing reached the supervisor"
        );
    }
}
