import Dialects

extension ValueForm where Value == Dialect {
  /// The name of a dialect.
  static var dialect: ValueForm {
    let choice = ValueForm.choice { $0.rawValue }
    return ValueForm(placeholder: "NAME", grammar: choice.grammar, read: choice.read, show: choice.show)
  }
}
