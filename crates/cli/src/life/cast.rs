//! Who is in the demo's market: shops and goods from `cast.toml`, and a few buyers a market.

use rules::catalog::listing::{ListedPicture, PictureRef, Wording};
use rules::catalog::nature::Nature;
use rules::catalog::options::ProductOption;
use rules::checkout::address::Address;
use rules::money::{Currency, Money};
use rules::policy::MarketCode;
use serde::Deserialize;

use actions::catalog::{ListingAsk, SkuAsk};

const CAST: &str = include_str!("cast.toml");

#[derive(Debug, Deserialize)]
pub struct Cast {
    pub shop: Vec<CastShop>,
}

#[derive(Debug, Deserialize)]
pub struct CastShop {
    pub name: String,
    pub market: String,
    pub category: String,
    pub tier: String,
    pub about_en: String,
    pub about_zh: String,
    pub owner: String,
    pub email: String,
    /// Markets beside its own which it delivers to.
    #[serde(default)]
    pub abroad: Vec<String>,
    pub address: CastAddress,
    pub product: Vec<CastProduct>,
}

#[derive(Debug, Deserialize)]
pub struct CastAddress {
    pub line1: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub phone: String,
    /// Where the goods lie, when it is not the shop's market.
    #[serde(default)]
    pub country: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct CastProduct {
    /// The kind of the drawing.
    pub kind: String,
    pub title_en: String,
    pub title_zh: String,
    pub about_en: String,
    pub about_zh: String,
    pub price: String,
    pub weight_grams: i64,
    pub colours: Vec<String>,
    pub sizes: Vec<String>,
    pub nature: Vec<String>,
    pub hs_code: String,
    pub origin: String,
    pub stock: i64,
    pub category: String,
}

impl Cast {
    pub fn read() -> anyhow::Result<Cast> {
        Ok(toml::from_str(CAST)?)
    }
}

impl CastShop {
    pub fn address(&self) -> anyhow::Result<Address> {
        Ok(Address {
            name: self.name.clone(),
            phone: self.address.phone.clone(),
            line1: self.address.line1.clone(),
            line2: String::new(),
            city: self.address.city.clone(),
            region: self.address.region.clone(),
            postcode: self.address.postcode.clone(),
            country: MarketCode::parse(self.address.country.as_ref().unwrap_or(&self.market))?,
        })
    }
}

impl CastProduct {
    /// The listing: a SKU for each colour and size, drawn in its colour.
    pub fn listing(&self, shop: usize, currency: Currency) -> anyhow::Result<ListingAsk> {
        let price = Money::parse(&self.price, currency)?;
        let mut skus = Vec::new();
        let sizes: Vec<Option<&String>> =
            if self.sizes.is_empty() { vec![None] } else { self.sizes.iter().map(Some).collect() };
        for colour in &self.colours {
            for size in &sizes {
                skus.push(self.sku(shop, price, colour, *size)?);
            }
        }
        let mut options =
            vec![ProductOption { name: "Colour".to_owned(), values: self.colours.clone() }];
        if !self.sizes.is_empty() {
            options.push(ProductOption { name: "Size".to_owned(), values: self.sizes.clone() });
        }
        let first = self.colours.first().map_or("sand", String::as_str);
        let shots = ["front", "detail", "use", "packed"];
        let pictures: Result<Vec<ListedPicture>, anyhow::Error> = shots
            .iter()
            .map(|shot| {
                let picture = self.picture(first, shot)?;
                Ok(ListedPicture { picture, alt: Wording::new(&*self.title_en, &*self.title_zh) })
            })
            .collect();
        Ok(ListingAsk {
            title: Wording::new(&*self.title_en, &*self.title_zh),
            description: Wording::new(&*self.about_en, &*self.about_zh),
            category: self.category.clone(),
            options,
            nature: Nature::from_tags(self.nature.iter().map(String::as_str)),
            hs_code: self.hs_code.clone(),
            origin: self.origin.clone(),
            pictures: pictures?,
            skus,
        })
    }

    fn sku(
        &self,
        shop: usize,
        price: Money,
        colour: &str,
        size: Option<&String>,
    ) -> anyhow::Result<SkuAsk> {
        let tail = size.map(|size| format!("-{size}")).unwrap_or_default();
        let mut values = vec![colour.to_owned()];
        values.extend(size.cloned());
        Ok(SkuAsk {
            sku: None,
            code: format!("{shop}-{}-{colour}{tail}", self.kind).to_uppercase(),
            values,
            price,
            compare_at: None,
            weight_grams: self.weight_grams,
            barcode: String::new(),
            picture: Some(self.picture(colour, "front")?),
            parts: Vec::new(),
        })
    }

    fn picture(&self, colour: &str, shot: &str) -> anyhow::Result<PictureRef> {
        let text = format!("drawn:{}/{colour}/{shot}", self.kind);
        text.parse().map_err(|_| anyhow::anyhow!("{text} is no picture"))
    }
}

/// Names and addresses of buyers, by market.
pub fn buyers(market: &str) -> &'static [(&'static str, [&'static str; 5])] {
    match market {
        "US" => &[
            (
                "Robin Reader",
                ["1 Market Street", "San Francisco", "CA", "94105", "+1 415 555 0100"],
            ),
            ("Dana Brooks", ["77 Lake Shore", "Chicago", "IL", "60611", "+1 312 555 0101"]),
            ("Luis Ortega", ["5 Congress Ave", "Austin", "TX", "78701", "+1 512 555 0102"]),
            ("Priya Nair", ["210 Bedford Ave", "Brooklyn", "NY", "11249", "+1 718 555 0103"]),
            ("Sam O'Neil", ["31 Harbor Rd", "Portland", "ME", "04101", "+1 207 555 0104"]),
        ],
        "GB" => &[
            ("Alice Moore", ["12 Rose Lane", "Norwich", "", "NR1 1BD", "+44 1603 555001"]),
            ("Tom Ashby", ["4 Canal Street", "Manchester", "", "M1 3HE", "+44 161 5550002"]),
            ("Zoe Campbell", ["9 Royal Mile", "Edinburgh", "", "EH1 1RE", "+44 131 5550003"]),
        ],
        "ID" => &[
            (
                "Budi Santoso",
                ["Jl. Sudirman 10", "Jakarta", "DKI Jakarta", "10220", "+62 21 5550001"],
            ),
            ("Siti Rahma", ["Jl. Braga 22", "Bandung", "Jawa Barat", "40111", "+62 22 5550002"]),
            (
                "Agus Wijaya",
                ["Jl. Malioboro 3", "Yogyakarta", "DI Yogyakarta", "55213", "+62 274 555003"],
            ),
        ],
        "DE" => &[
            ("Lena Fischer", ["Lindenallee 5", "Hamburg", "", "20095", "+49 40 5550001"]),
            ("Max Braun", ["Domstraße 7", "Köln", "", "50667", "+49 221 5550002"]),
            ("Emre Kaya", ["Hauptstraße 19", "München", "", "80331", "+49 89 5550003"]),
        ],
        "JP" => &[
            ("Yuki Tanaka", ["神宮前 1-2-3", "渋谷区", "東京都", "150-0001", "+81 3 5555 0001"]),
            ("Ren Suzuki", ["心斎橋筋 2-8", "大阪市", "大阪府", "542-0085", "+81 6 5555 0002"]),
        ],
        "NL" => &[
            ("Joost Visser", ["Coolsingel 40", "Rotterdam", "", "3011 AD", "+31 10 5550001"]),
            ("Fenna de Boer", ["Prinsengracht 8", "Amsterdam", "", "1015 DX", "+31 20 5550002"]),
        ],
        _ => &[],
    }
}

/// The address of one of [`buyers`].
pub fn buyer_address(market: &str, name: &str, parts: [&str; 5]) -> anyhow::Result<Address> {
    let [line1, city, region, postcode, phone] = parts.map(str::to_owned);
    let country = MarketCode::parse(market)?;
    Ok(Address {
        name: name.to_owned(),
        phone,
        line1,
        line2: String::new(),
        city,
        region,
        postcode,
        country,
    })
}

#[cfg(test)]
mod tests {
    use rules::checkout::address::{AddressUse, check};
    use rules::policy::Policies;

    use super::*;

    #[test]
    fn every_shop_and_buyer_has_an_address_which_its_market_takes() {
        let policies = Policies::shipped();
        for shop in Cast::read().unwrap().shop {
            check(&shop.address().unwrap(), &policies, AddressUse::SendFrom).unwrap();
        }
        for market in ["US", "GB", "ID", "DE", "JP", "NL"] {
            for (name, parts) in buyers(market) {
                let address = buyer_address(market, name, *parts).unwrap();
                check(&address, &policies, AddressUse::Deliver).unwrap();
            }
        }
    }

    #[test]
    fn every_listing_can_be_made() {
        let usd = Currency::parse("USD").unwrap();
        for shop in Cast::read().unwrap().shop {
            let policies = Policies::shipped();
            let market = policies.market(MarketCode::parse(&shop.market).unwrap()).unwrap();
            assert!(usd.digits() == 2 && !shop.product.is_empty());
            for product in &shop.product {
                assert!(!product.listing(1, market.currency).unwrap().skus.is_empty());
            }
        }
    }
}
