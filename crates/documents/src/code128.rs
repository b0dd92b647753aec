//! Code 128: digits in pairs (set C) and letters (set B), as ISO/IEC 15417 has it.

/// Bars and spaces of each symbol, in modules, beginning with a bar. 103 to 105 start a set, 106 stops.
const SYMBOLS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

const TO_C: usize = 99;
const TO_B: usize = 100;
const START_B: usize = 104;
const START_C: usize = 105;
const STOP: usize = 106;

/// Widths of bars and spaces in modules, beginning and ending with a bar, without the quiet zone (10 modules on each
/// side). None for a text with other letters than printable ASCII, or without any.
pub fn bars(text: &str) -> Option<Vec<u8>> {
    let codes = codes(text)?;
    let widths = codes.iter().flat_map(|code| SYMBOLS[*code].bytes());
    Some(widths.map(|digit| digit - b'0').collect())
}

/// How many modules a text is wide; 0 for one which cannot be written.
pub fn modules(text: &str) -> u32 {
    bars(text).map_or(0, |bars| bars.iter().map(|width| u32::from(*width)).sum())
}

fn codes(text: &str) -> Option<Vec<usize>> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || !bytes.iter().all(|byte| (32..127).contains(byte)) {
        return None;
    }
    let mut codes = Vec::new();
    let mut digits_set = false;
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let ends = at + digits == bytes.len();
        // A change of set costs a symbol: it pays for four digits at an end, and for six within.
        let pays = digits >= 6 || (digits >= 4 && (at == 0 || ends));
        if digits_set && digits >= 2 {
            codes.push(usize::from(bytes[at] - b'0') * 10 + usize::from(bytes[at + 1] - b'0'));
            at += 2;
        } else if !digits_set && pays && (digits.is_multiple_of(2) || at == 0) {
            codes.push(if at == 0 { START_C } else { TO_C });
            digits_set = true;
        } else {
            if at == 0 {
                codes.push(START_B);
            } else if digits_set {
                codes.push(TO_B);
            }
            digits_set = false;
            codes.push(usize::from(bytes[at]) - 32);
            at += 1;
        }
    }
    let weighted = codes.iter().enumerate().map(|(place, code)| place.max(1) * code);
    codes.push(weighted.sum::<usize>() % 103);
    codes.push(STOP);
    Some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_eleven_modules_and_another_one() {
        for (code, symbol) in SYMBOLS.iter().enumerate().take(STOP) {
            assert_eq!(symbol.bytes().map(|b| b - b'0').sum::<u8>(), 11, "{code}");
            // Bars take an even number of modules: a scanner finds a misread symbol by it.
            assert!(symbol.bytes().step_by(2).map(|b| b - b'0').sum::<u8>().is_multiple_of(2));
        }
        let mut sorted = SYMBOLS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), SYMBOLS.len());
    }

    #[test]
    fn the_check_symbol_is_the_published_one() {
        // The example of the encyclopaedia: "PJJ123C" in set B has 55.
        let codes = codes("PJJ123C").expect("ASCII");
        assert_eq!(codes, [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]);
    }

    #[test]
    fn digits_are_packed_in_pairs() {
        assert_eq!(codes("1234").expect("digits"), [105, 12, 34, (105 + 12 + 68) % 103, 106]);
        let odd = codes("12345").expect("digits");
        assert_eq!(&odd[..4], [105, 12, 34, 100]);
        let mixed = codes("AB123456").expect("ASCII");
        assert_eq!(&mixed[..7], [104, 33, 34, 99, 12, 34, 56]);
        assert!(modules("1234567890123456789") < 11 * 16);
    }

    #[test]
    fn what_has_no_symbol_is_refused() {
        assert_eq!(bars("蓝"), None);
        assert_eq!(bars(""), None);
    }
}
