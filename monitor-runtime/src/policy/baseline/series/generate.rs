use std::f64::consts::TAU;

/// Numbers that are the same in each run: splitmix64.
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// In `(0, 1)`.
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// From a normal distribution: Box and Muller.
    pub(super) fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (TAU * self.uniform()).cos()
    }

    /// How many of calls that come independently are in a minute: some `mean`.
    fn poisson(&mut self, mean: f64) -> usize {
        let mut count = 0;
        let mut left = mean;
        loop {
            left += self.uniform().ln();
            if left < 0.0 {
                return count;
            }
            count += 1;
        }
    }
}

/// A day of calls of one function.
pub(super) struct Series {
    /// Calls a minute.
    pub(super) rate: f64,
    /// By what each minute differs from the usual, as a factor.
    pub(super) level: Vec<f64>,
    /// How far apart calls of a minute are: the deviation of the logarithm.
    pub(super) spread: f64,
    /// The share of calls that take another way, and by what factor those take longer.
    pub(super) other_way: (f64, f64),
    /// From which minute to which something is different.
    pub(super) change: Option<(u32, u32)>,
    /// The factor then, and the share of calls that take the other way then.
    pub(super) changed: (f64, f64),
}

impl Series {
    /// The calls of a minute, in nanoseconds.
    pub(super) fn calls(&self, minute: u32, random: &mut Random) -> Vec<u64> {
        let is_changed = self.change.is_some_and(|(from, to)| (from..to).contains(&minute));
        let (factor, share) = match is_changed {
            true => self.changed,
            false => (1.0, self.other_way.0),
        };
        let level = 2e7 * self.level[minute as usize] * factor;
        let count = random.poisson(self.rate);
        let call = |_| {
            let other = if random.uniform() < share { self.other_way.1 } else { 1.0 };
            (level * other * (self.spread * random.normal()).exp()) as u64
        };
        (0..count).map(call).collect()
    }
}
