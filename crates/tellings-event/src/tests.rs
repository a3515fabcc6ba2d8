#[test]
fn shipped_rules_compile() {
    assert!(crate::EventRules::shipped().len() > 50);
}
