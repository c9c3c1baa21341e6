//! A new version comes: each container of each service is stopped and started in turn, the gateways too, while customers
//! come and go and notice nothing but, at the most, a request that they had to make once more.

use escale_tests::composed::crowd::{Crowd, Report};
use escale_tests::composed::{Composed, Limits, SERVICES};

/// Of a hundred journeys, this many requests may have had to be made again; a journey has six.
const RETRIES_IN_A_HUNDRED: usize = 20;

pub(super) async fn every_container_in_turn(platform: &Composed) -> Report {
    platform.up(Limits::Generous, 2).await;
    let crowd = Crowd::gather(platform, 2);
    crowd.journeys(4).await;
    let (mut restarted, before) = (0, crowd.done());
    for service in SERVICES.into_iter().chain(["gateway-1", "gateway-2"]) {
        for container in platform.engine().containers(service) {
            platform.restart(&container).await;
            restarted += 1;
        }
    }
    crowd.journeys(4).await;
    assert_eq!(restarted, 2 * SERVICES.len() + 2);
    let journeys = crowd.done() - before;
    let report = crowd.go_home().await;
    let retries: usize = report.retries.values().sum();
    assert!(
        retries * 100 <= journeys * RETRIES_IN_A_HUNDRED,
        "{retries} retries in {journeys} journeys: {:?}",
        report.retries
    );
    report
}
