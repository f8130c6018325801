//! What may be recorded of a conversation is, and nothing else: see also the test `ai_canary`.

use monitor_runtime::{Config, MockBackend};

use crate::conversation::{CANARY, run};

#[tokio::test]
async fn with_capture_on_all_of_it_is_there_and_with_capture_off_nothing() {
    for allowed in [true, false] {
        let config = Config::new().with_traces_sample_rate(1.0).with_metrics(true);
        let mock =
            MockBackend::install_with(config.with_ai_inputs(allowed).with_ai_outputs(allowed));
        run().await;
        assert_eq!((mock.spans().len(), mock.errors().len()), (8, 6));
        let all = format!("{:?} {:?} {:?}", mock.transactions(), mock.events(), mock.metrics());
        for what in ["prompt", "answer", "arguments", "goal", "body", "found"] {
            assert_eq!(all.contains(&format!("{CANARY} {what}")), allowed, "{what}");
        }
        assert_eq!(all.contains(CANARY), allowed);
    }
}
