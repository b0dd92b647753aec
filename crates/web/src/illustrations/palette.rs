//! The colours goods come in. Each has a body, a shade, a light and a soft ground it stands well on.

use super::names;

/// A colour an option can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colour {
    Ink,
    Snow,
    Silver,
    Grey,
    Sand,
    Cream,
    Cocoa,
    Terracotta,
    Coral,
    Red,
    Rose,
    Plum,
    Lilac,
    Navy,
    Sky,
    Teal,
    Mint,
    Sage,
    Forest,
    Lemon,
    Amber,
}

impl Colour {
    pub const ALL: [Colour; 21] = [
        Colour::Ink,
        Colour::Snow,
        Colour::Silver,
        Colour::Grey,
        Colour::Sand,
        Colour::Cream,
        Colour::Cocoa,
        Colour::Terracotta,
        Colour::Coral,
        Colour::Red,
        Colour::Rose,
        Colour::Plum,
        Colour::Lilac,
        Colour::Navy,
        Colour::Sky,
        Colour::Teal,
        Colour::Mint,
        Colour::Sage,
        Colour::Forest,
        Colour::Lemon,
        Colour::Amber,
    ];

    /// Lower-case name, as used in picture addresses: "sage".
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// The body's colour.
    pub const fn fill(self) -> &'static str {
        self.row().1
    }

    /// Where the body turns away from the light.
    pub const fn shade(self) -> &'static str {
        self.row().2
    }

    /// Where the light falls.
    pub const fn light(self) -> &'static str {
        self.row().3
    }

    /// The soft ground behind it.
    pub const fn ground(self) -> &'static str {
        self.row().4
    }

    /// The colour whose code this is exactly.
    pub fn by_code(code: &str) -> Option<Colour> {
        Colour::ALL.into_iter().find(|colour| colour.code() == code)
    }

    /// Reads a colour's name as shops write it, in any case: "Sage", "navy blue", "Black", "米白".
    pub fn parse(text: &str) -> Option<Colour> {
        names::find(names::Part::Colours, text).and_then(Colour::by_code)
    }

    /// The colour of a name, or, for a name nobody knows, always the same one of the palette.
    pub fn for_name(text: &str) -> Colour {
        Colour::parse(text)
            .unwrap_or_else(|| Colour::ALL[super::paint::spread(text) as usize % Colour::ALL.len()])
    }

    /// (code, fill, shade, light, ground)
    const fn row(self) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
        match self {
            Colour::Ink => ("ink", "#33373d", "#22252a", "#4d535b", "#e4e2de"),
            Colour::Snow => ("snow", "#f7f5f0", "#dedad1", "#ffffff", "#bccbc6"),
            Colour::Silver => ("silver", "#c9cdd0", "#a7adb2", "#e3e6e8", "#e6e9f0"),
            Colour::Grey => ("grey", "#8e9296", "#70757a", "#aeb2b5", "#ecebe6"),
            Colour::Sand => ("sand", "#d9c3a0", "#bda47d", "#e9dac0", "#f3ece0"),
            Colour::Cream => ("cream", "#f1e4c8", "#d9c7a1", "#fbf4e3", "#dfe6dc"),
            Colour::Cocoa => ("cocoa", "#6f4e3c", "#54382a", "#8f6b57", "#f0e4da"),
            Colour::Terracotta => ("terracotta", "#c26a47", "#9f5234", "#d98a6a", "#f6e6da"),
            Colour::Coral => ("coral", "#ee7f68", "#d2624c", "#f7a18f", "#fde9e1"),
            Colour::Red => ("red", "#c93a36", "#a42a28", "#df605b", "#f9e5df"),
            Colour::Rose => ("rose", "#e3a0a8", "#c97f89", "#f0c0c5", "#fbedec"),
            Colour::Plum => ("plum", "#7a4466", "#5e314e", "#986183", "#f2e5ec"),
            Colour::Lilac => ("lilac", "#b3a2d6", "#9483bb", "#cdc0e6", "#efebf8"),
            Colour::Navy => ("navy", "#2f4568", "#20324f", "#4a6389", "#e2e8f0"),
            Colour::Sky => ("sky", "#83b4d8", "#6497be", "#abcde6", "#e6f0f6"),
            Colour::Teal => ("teal", "#2f8282", "#226565", "#52a09f", "#dff0ec"),
            Colour::Mint => ("mint", "#a5d5bd", "#84b99f", "#c5e6d5", "#e9f4ec"),
            Colour::Sage => ("sage", "#96aa8b", "#788d6d", "#b2c2a8", "#edf0e4"),
            Colour::Forest => ("forest", "#34604a", "#244836", "#4f7f67", "#e3ece2"),
            Colour::Lemon => ("lemon", "#f2d468", "#d6b645", "#f8e496", "#fcf5dc"),
            Colour::Amber => ("amber", "#e2a03a", "#c38324", "#efbc69", "#fbefd9"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shops_names_of_colours_are_understood() {
        for (name, colour) in [
            ("Sage", Colour::Sage),
            ("Navy Blue", Colour::Navy),
            ("米白色", Colour::Cream),
            ("深绿", Colour::Forest),
            ("BLACK", Colour::Ink),
            ("酒红色", Colour::Plum),
            ("Rose gold", Colour::Rose),
        ] {
            assert_eq!(Colour::parse(name), Some(colour), "{name}");
        }
        assert_eq!(Colour::parse("Quux"), None);
        assert_eq!(Colour::for_name("Quux"), Colour::for_name("Quux"));
    }
}
