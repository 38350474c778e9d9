#pragma once

namespace clients {

/// Ctrl-C ends what is under way in order, for as long as the object lives; the third one ends the
/// program at once.
///
/// Thread: one object at a time in the program.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// Whether Ctrl-C was pressed since the guard began.
  static bool interrupted();

 private:
  void (*before_)(int);
};

}  // namespace clients
