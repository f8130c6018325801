mod program {
    #[monitor_runtime::main]
    pub fn main(port: u16) {
        let _ = port;
    }
}

fn main() {
    program::main(80);
}
