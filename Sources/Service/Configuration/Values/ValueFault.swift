/// Why a text cannot be a value, and what would be right; the text itself is not in it.
struct ValueFault: Error, Equatable {
  var cause: String
  var hint: String?

  init(_ cause: String, hint: String? = nil) {
    self.cause = cause
    self.hint = hint
  }
}
