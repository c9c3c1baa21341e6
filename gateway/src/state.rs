//! What the layers share.

use std::sync::Arc;

use service_kit::audit::Audit;
use service_kit::clock::Clock;
use service_kit::tls::Identity;

use crate::api_keys::ApiKeys;
use crate::bodies::Bodies;
use crate::client_address::TrustedProxies;
use crate::config::UpstreamUrls;
use crate::jail::Jail;
use crate::limits::Limits;
use crate::proxy::config::ForwardConfig;
use crate::proxy::{NoOrigin, Upstream};
use crate::route_table::{RouteTable, Service};
use crate::tokens::Tokens;

#[derive(Clone)]
pub struct AppState {
    pub proxies: TrustedProxies,
    pub limits: Limits,
    pub routes: Arc<RouteTable>,
    pub tokens: Tokens,
    pub keys: ApiKeys,
    pub upstreams: Upstreams,
    pub jail: Jail,
    pub audit: Audit,
    pub clock: Clock,
    pub bodies: Bodies,
}

/// The services behind the gateway. Clones share their connections.
#[derive(Clone)]
pub struct Upstreams(Arc<[Upstream; Service::ALL.len()]>);

impl Upstreams {
    /// # Errors
    /// [`NoOrigin`] for a URL that is no https origin; [`crate::config`] has refused those already.
    pub fn new(
        urls: &UpstreamUrls,
        identity: &Identity,
        clock: &Clock,
        config: &ForwardConfig,
    ) -> Result<Self, NoOrigin> {
        let upstream =
            |service| Upstream::new(service, urls.of(service), identity, clock.clone(), config);
        Ok(Self(Arc::new([
            upstream(Service::Auth)?,
            upstream(Service::Catalog)?,
            upstream(Service::Booking)?,
            upstream(Service::Payment)?,
        ])))
    }

    pub fn of(&self, service: Service) -> &Upstream {
        let found = self.0.iter().find(|upstream| upstream.service() == service);
        found.expect("`new` has made one for each service")
    }
}
