//! A town's jail: generous unless the plan asks for the real one, and reachable by its operator.

use std::net::IpAddr;
use std::time::Duration;

use http::Method;

use super::Town;
use crate::answer::Answer;
use crate::visitor::Visitor;

/// All scenarios call from one address, and many make mistakes on purpose: nobody is banned for that.
pub(super) fn generous(routes: &str) -> String {
    let mut text = routes.to_owned();
    for (side, things) in [
        ("threshold = 1500,", "things = 300 "),
        ("threshold = 300,", "things = 60 "),
    ] {
        assert!(
            text.contains(side) && text.contains(things),
            "[jail] has other numbers now"
        );
        text = text
            .replace(side, "threshold = 1000000,")
            .replace(things, "things = 10000 ");
    }
    text
}

impl Town {
    /// Somebody who calls from another address of this machine. Linux has all of 127.0.0.0/8 for that.
    pub fn visitor_from(&self, address: IpAddr) -> Visitor {
        let pem = std::fs::read(self.certs.root()).expect("an authority");
        let roots = reqwest::Certificate::from_pem_bundle(&pem).expect("PEM");
        let client = reqwest::Client::builder()
            .tls_certs_only(roots)
            .no_proxy()
            .local_address(address)
            .timeout(Duration::from_secs(30))
            .build();
        Visitor::new(client.expect("a client"), self.address("gateway"))
    }

    /// A request of the gateway's operator, on its admin address: plain HTTP.
    pub async fn operate(&self, method: Method, path: &str) -> Answer {
        let url = format!("http://{}{path}", self.admin("gateway"));
        let response = self.public_client().request(method, url).send().await;
        Answer::read(response.expect("the admin address answers")).await
    }
}
