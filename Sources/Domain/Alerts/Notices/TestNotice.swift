public import Model

extension Alert {
  /// An alert that says that alerts arrive.
  public static func test(at now: Timestamp) -> Alert {
    let labels = ["alertname": "HandoffdTest", "severity": Severity.info.rawValue]
    return Alert(
      fingerprint: Fingerprint(labels), name: "HandoffdTest", severity: .info, state: .firing, labels: labels,
      annotations: [
        "summary": "A test notification of handoffd",
        "description": "Somebody asked for it by handoffd check --send-test; nothing is wrong.",
      ], value: nil, threshold: 0, since: now, events: [])
  }
}

extension Notice {
  /// A notice that says that notices arrive.
  public static func test(to receiver: String, at now: Timestamp) -> Notice {
    let alert = Alert.test(at: now)
    return Notice(to: receiver, [alert], groupLabels: alert.labels, at: now, repetition: 0)
  }
}
