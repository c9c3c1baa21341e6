//! The bank's wire: three calls, one answer for all of them, the charge as it stands.

use futures_util::future::BoxFuture;
use http::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use service_kit::client::PeerClient;
use service_kit::context::RequestContext;
use uuid::Uuid;

use super::charge_answer::{ChargeAnswer, read_authorisation, read_capture, read_refund};
use crate::domain::money::Currency;
use crate::ports::{Authorisation, Bank, Capture, ChargeOrder, NotKnown};

pub struct BankPeer(pub PeerClient);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChargeRequest<'a> {
    reference: Uuid,
    amount_cents: i64,
    currency: Currency,
    card_token: &'a str,
}

impl BankPeer {
    async fn call(
        &self,
        path: &str,
        body: Option<&ChargeRequest<'_>>,
        context: &RequestContext,
    ) -> Result<(StatusCode, ChargeAnswer), NotKnown> {
        let mut request = self.0.request(Method::POST, path, context);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = self.0.send(request).await?;
        let status = response.status();
        if !matches!(status, StatusCode::OK | StatusCode::CONFLICT) {
            return Err(NotKnown(format!("bank: answered {status}")));
        }
        Ok((status, PeerClient::json(response).await?))
    }
}

impl Bank for BankPeer {
    fn authorise<'a>(
        &'a self,
        order: ChargeOrder,
        card_token: &'a SecretString,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Authorisation, NotKnown>> {
        Box::pin(async move {
            let body = ChargeRequest {
                reference: order.reference,
                amount_cents: order.amount.cents,
                currency: order.amount.currency,
                card_token: card_token.expose_secret(),
            };
            let (status, answer) = self.call("/charges", Some(&body), context).await?;
            read_authorisation(order, status, answer)
        })
    }

    fn capture<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Capture, NotKnown>> {
        Box::pin(async move {
            let path = format!("/charges/{charge_id}/capture");
            let (status, answer) = self.call(&path, None, context).await?;
            read_capture(order, charge_id, status, answer)
        })
    }

    fn refund<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<(), NotKnown>> {
        Box::pin(async move {
            let path = format!("/charges/{charge_id}/refund");
            let (status, answer) = self.call(&path, None, context).await?;
            read_refund(order, charge_id, status, answer)
        })
    }
}
