#pragma once

#include "events/base/result.h"
#include "events/bundle/bundle_opening.h"
#include "server/base/task.h"
#include "server/bundle/bundle_exchange.h"
#include "server/channels/session_driver.h"

#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace server {

/// Carries the blocks of one bundle through a session, and what the session says into the answer.
///
/// State: how much of the bundle has been used.
/// Memory: a block, and what a session may hold.
/// Thread: its executor, which must be a strand.
class BundleDriver final : public SessionDriver {
 public:
  /// Takes what was written of the answer to where it lies, before there is more.
  using KeepAnswer = std::function<Task<events::Result<void>>()>;
  BundleDriver(const net::any_io_executor& strand, Services& services, BundleExchange exchange,
               KeepAnswer keep_answer);

  /// Once.  The answer is complete when it returns without an error.
  /// Errors:  those of BundleOpener and BundleExchange; malformed: the bundle holds no greeting;
  /// what
  ///          the server has against the device, when the answer is nothing for it.
  /// Lifetime: the bundle, until the call returns.
  Task<events::Result<void>> carry(events::bundle::BundleOpener& bundle);

 private:
  void changed(bool has_opened) override;
  void broke() override;
  /// Takes the next block of the bundle into the session; the file thread reads and opens it.
  Task<events::Result<void>> take_block(events::bundle::BundleOpener& bundle);

  BundleExchange exchange_;
  KeepAnswer keep_answer_;
  net::steady_timer answer_came_;
  bool was_heard_ = false;
  bool is_broken_ = false;
};

}  // namespace server
