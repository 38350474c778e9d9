#pragma once

#include "server/base/peer_address.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <vector>

namespace server {

/// How many connections there may be, and of whom.
struct GateLimits {
  std::size_t all = 20'000;

  /// Strangers have the one half; the other is kept for devices whose greeting was proved.
  std::size_t strangers() const { return all - all / 2; }
  /// Strangers of one address.  Offices and mobile carriers put many devices behind one.
  std::size_t strangers_of_one() const { return std::max<std::size_t>(64, all / 4); }
};

/// Who may have a connection.  Each begins as a stranger's, and is a known device's from the moment
/// its greeting is proved.  When strangers have no place left, the oldest of them makes room for
/// the newest: a greeting takes a second or two, so it passes in any crowd that is not renewed
/// faster than that, and connections that only sit there keep nobody out.
///
/// It also counts what fails: answers to wrong codes and unproved greetings of an address wait,
/// longer and longer, once there are many in a minute; answers to others do not.
///
/// Memory: a row a connection, and one for each address that failed in the last minutes, at most
///         `addresses_max`.
/// Thread: any.  Cuts are called from the thread that brings them about; they must only pass it on.
class ConnectionGate {
 public:
  using Clock = std::chrono::steady_clock;
  using Cut = std::function<void()>;
  enum class Answer { enter, full };

  /// Failures of an address in one minute that are answered at once.
  static constexpr std::size_t free_failures = 10;
  /// Wrong enrolment codes of all addresses in one minute that are answered at once.
  static constexpr std::size_t free_codes = 60;
  static constexpr std::chrono::seconds pause_max{30};
  static constexpr std::size_t addresses_max = 4'096;

  explicit ConnectionGate(GateLimits limits) : limits_(limits) {}

  /// Takes connection `number` in; `cut` ends it when it has to make room.  Full: all places are
  /// those of known devices.
  Answer enter(std::uint64_t number, const PeerAddress& address, Cut cut);
  /// Its greeting was proved, or its bundle is signed by a device of the log.
  void prove(std::uint64_t number);
  void leave(std::uint64_t number);

  /// A greeting, enrolment or bundle from there was refused.  How long its answer waits.
  Clock::duration fail(const PeerAddress& address, bool is_code, Clock::time_point now);

  std::size_t strangers() const;
  std::size_t known() const;

 private:
  struct Stranger {
    std::uint64_t number;
    PeerAddress address;
    Cut cut;
  };
  using Strangers = std::list<Stranger>;  // The oldest first.
  struct Failures {
    Clock::time_point since;
    std::size_t count = 0;
  };

  /// Takes a stranger's place away.
  Cut push_out(Strangers::iterator stranger);
  void forget(Strangers::iterator stranger);
  static Clock::duration pause_for(std::size_t beyond);

  GateLimits limits_;
  mutable std::mutex mutex_;
  Strangers strangers_;
  std::map<std::uint64_t, Strangers::iterator> places_;
  std::map<PeerAddress, std::size_t> of_address_;
  std::map<std::uint64_t, PeerAddress> known_;
  std::map<PeerAddress, Failures> failures_;
  Failures wrong_codes_;
};

}  // namespace server
