//! The picture of each category.

use super::{Colour, Kind, Shot, address, paint};

/// A category's code, and what stands for it.
const PICTURES: [(&str, Kind, Colour); 18] = [
    ("electronics", Kind::Tablet, Colour::Sky),
    ("phones_accessories", Kind::PhoneCase, Colour::Mint),
    ("audio", Kind::Headphones, Colour::Coral),
    ("home_kitchen", Kind::Kettle, Colour::Teal),
    ("garden", Kind::WateringCan, Colour::Sage),
    ("apparel", Kind::Dress, Colour::Rose),
    ("clothing", Kind::Tshirt, Colour::Navy),
    ("shoes", Kind::Shoes, Colour::Amber),
    ("bags", Kind::Bag, Colour::Terracotta),
    ("jewellery", Kind::Necklace, Colour::Plum),
    ("beauty", Kind::Cream, Colour::Lilac),
    ("food", Kind::Noodles, Colour::Red),
    ("tea", Kind::Tea, Colour::Forest),
    ("toys", Kind::Plush, Colour::Sand),
    ("sports", Kind::Yoga, Colour::Teal),
    ("stationery", Kind::Notebook, Colour::Lemon),
    ("books", Kind::Book, Colour::Navy),
    ("pets", Kind::PetBowl, Colour::Coral),
];

/// What stands for a category of `policies/categories.toml`; a parcel for one which has no picture yet.
pub fn for_category(code: &str) -> (Kind, Colour) {
    let row = PICTURES.iter().find(|row| row.0 == code);
    row.map_or_else(|| (Kind::Parcel, Colour::for_name(code)), |row| (row.1, row.2))
}

/// Where the picture of a category is served.
pub fn category_address(code: &str) -> String {
    let (kind, colour) = for_category(code);
    address(kind, colour, Shot::Front, paint::spread(code) % 100)
}

#[cfg(test)]
mod tests {
    use rules::catalog::categories::Categories;

    use super::*;

    #[test]
    fn every_category_has_a_picture_of_its_own() {
        for category in Categories::shipped().iter() {
            assert_ne!(for_category(&category.code).0, Kind::Parcel, "{}", category.code);
        }
    }
}
