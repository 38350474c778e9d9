#pragma once

#include <exception>
#include <string>
#include <utility>

namespace sim {

/// What the simulator watches over; the numbers are those of docs/simulator.md.
enum class Promise : int {
  durable = 1,         ///< Acknowledged is durable.
  exactly_once = 2,    ///< One (chain, seq), one event, once.
  recorded = 3,        ///< Every authentic event gets a recorded verdict; nothing vanishes.
  same_meaning = 4,    ///< Same prefix, same state, byte for byte.
  title_chain = 5,     ///< No title without a chain.
  verifiable = 6,      ///< Hashes, roots, signatures and verdicts can be recomputed.
  erasable = 7,        ///< Private records are there, and only where they may be.
  honest = 8,          ///< What the device expected is what the server said.
  live = 9,            ///< When the faults stop, everything settles.
  no_more_power = 10,  ///< Nobody's rights grow by their own acts.
  proved = 11,         ///< Who has not proved himself is told nothing and believed nothing.
  bounded = 12,        ///< Nobody puts in more than a device may.
  right_time = 13,     ///< A wrong clock of the server costs neither work nor names.
};

/// A promise was broken.  Thrown where it is seen, caught where the seed is known.
class Violation : public std::exception {
 public:
  Violation(Promise promise, std::string what) : promise_(promise), what_(std::move(what)) {}

  Promise promise() const { return promise_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  Promise promise_;
  std::string what_;
};

inline void require(bool holds, Promise promise, const char* what) {
  if (!holds) throw Violation(promise, what);
}

/// `describe` makes the text only when it is needed.
template <class Describe>
requires requires(Describe describe) { std::string(describe()); }
void require(bool holds, Promise promise, const Describe& describe) {
  if (!holds) throw Violation(promise, describe());
}

}  // namespace sim
