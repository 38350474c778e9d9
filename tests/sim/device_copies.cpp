#include "clients/core/sync/enrolment.h"
#include "clients/core/sync/incarnation.h"
#include "tests/sim/device.h"
#include "tests/sim/violation.h"

#include <limits>
#include <string>
#include <utility>

// What becomes of a device of which there are two, or which was set back to an older image.

namespace sim {

using events::Result;
namespace protocol = events::protocol;

void Device::start_from(const DiskImage& image) {
  end_connection();
  store_.restore(image.store);
  files_ = image.files;
  forget_promises();
  may_fork_ = true;
  must_leave_ = false;
  load();
}

void Device::forget_promises() {
  kept_ = 0;
  acknowledged_ = 0;
  exported_to_ = 0;
  receipts_.clear();
  expectations_.clear();
  rogues_.clear();
  // What it expects from now on rests on what another copy did.
  last_unsure_ = events::Position{std::numeric_limits<std::uint64_t>::max()};
}

void Device::ask_for_new_chain() {
  events::SecretSeed fresh;
  fresh.bytes = random_.bytes<32>();
  Result<protocol::NewChain> request = clients::ask_for_new_chain(*replica_, fresh);
  if (request) {
    greeting_ = std::move(*request);
    return send({greeting_});
  }
  if (store_crashed()) return;
  throw Violation(Promise::live, name_ + " cannot ask for a chain: " + request.error().message);
}

void Device::on_new_chain(const protocol::Message& frame) {
  const auto* const enrolled = std::get_if<protocol::Enrolled>(&frame);
  must_leave_ = false;  // An answer that is no chain: greeting again tells how it stands.
  if (enrolled == nullptr) return end_connection();
  require(clients::check_enrolled(*enrolled, greeting_, link_->binding).has_value(), Promise::live,
          "a new chain that the server did not sign");
  forget_promises();  // They were about the old chain; a crash may come behind the write.
  const Result<void> taken = clients::take_new_chain(*replica_, *enrolled);
  if (!taken) {
    require(store_crashed(), Promise::live,
            [&] { return name_ + " cannot take its new chain: " + taken.error().message; });
    return;
  }
  tally_.count(Happening::chain_left);
  end_connection();
  load();
}

void Device::continue_branches(events::Timestamp now) {
  if (plant_ == Plant::branch_forgotten) return;
  const std::uint64_t before = replica_->own().head().seq;
  const Result<clients::ContinuedBranches> again =
      clients::continue_branches(*replica_, clock(now));
  if (!again && again.error().code == events::ErrorCode::unsupported) {
    has_unknown_kinds_ = true;  // A newer program goes on with them.
    return;
  }
  if (!again) {
    require(store_crashed(), Promise::live,
            [&] { return name_ + " cannot go on with its branch: " + again.error().message; });
    return;
  }
  // Records of a lost scope waited for it: the next greeting lets them go.
  if (again->branches > 0) end_connection();
  if (again->events == 0) return;
  tally_.count(Happening::branch_recorded_again);
  kept_ = replica_->own().head().seq;
  for (std::uint64_t seq = before + 1; seq <= kept_; ++seq) rogues_.insert(seq);
}

}  // namespace sim
