//! Lists of networks that an operator trusts with something, as settings name them: `10.0.0.0/8, 192.0.2.7`.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

/// Addresses and networks; an empty list holds nobody.
#[derive(Debug, Clone, Default)]
pub struct Networks(Arc<[IpNet]>);

impl Networks {
    /// Addresses and networks in CIDR form, separated by commas.
    ///
    /// # Errors
    /// What is wrong with the first entry that is no network, or that would trust everybody.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim);
        let networks = entries.filter(|entry| !entry.is_empty()).map(network);
        Ok(Self(networks.collect::<Result<_, _>>()?))
    }

    /// An IPv4 address is the same where a socket for both families shows it mapped into IPv6.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    let network: IpNet = (text.parse().or_else(|_| address()))
        .map_err(|_| format!("{text} is no address and no network (10.0.0.0/8)"))?;
    if network.prefix_len() == 0 {
        return Err(format!("{text} would believe every client"));
    }
    if network.trunc() != network {
        return Err(format!("{text} is no network: {} is", network.trunc()));
    }
    if network.addr().to_canonical() != network.addr() {
        return Err(format!("{text} is to be written as an IPv4 network"));
    }
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_trusts_everybody_or_nobody_in_particular_is_refused() {
        for bad in [
            "0.0.0.0/0",
            "::/0",
            "10.0.0.1/8",
            "::ffff:10.0.0.0/104",
            "lb.local",
            "10.0.0.0/33",
        ] {
            assert!(Networks::parse(bad).is_err(), "{bad}");
        }
        for good in [
            "",
            " ",
            "127.0.0.1",
            "::1,127.0.0.1",
            "10.0.0.0/8, 192.168.0.0/16,",
        ] {
            assert!(Networks::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn an_empty_list_holds_nobody_and_a_mapped_address_is_in_its_ipv4_network() {
        let contain = |list: &str, address: &str| {
            let networks = Networks::parse(list).expect("a list of networks");
            networks.contain(address.parse().expect("an address"))
        };
        assert!(!contain("", "127.0.0.1"));
        assert!(contain("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(!contain("10.0.0.0/8", "11.0.0.1"));
        assert!(contain("192.0.2.7", "192.0.2.7"));
    }
}
