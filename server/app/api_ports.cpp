#include "server/app/api_ports.h"

#include <future>
#include <memory>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

ApiState api_state_of(const events::EventLog& log, Projector& projector) {
  const auto with_fold = [&projector](const std::function<void(const Folded&)>& look) {
    // Shared: the other thread may not have let go of it when this one has waited.
    const auto looked = std::make_shared<std::promise<void>>();
    projector.ask([&look, looked](const Folded& folded) {
      look(folded);
      looked->set_value();
    });
    looked->get_future().wait();
  };
  return {.log = log, .with_fold = with_fold};
}

Credentials::Ports credential_ports_of(Committer& committer, Committer::Clock clock,
                                       const TokenStore& tokens) {
  const auto admit = [&committer](events::ChainNumber chain, Credentials::Ports::Admitted done) {
    committer.admit(chain, std::move(done));
  };
  const auto believed = [&committer, clock = std::move(clock)]() -> Result<events::Timestamp> {
    if (committer.clock_is_right()) return clock();
    return Error{ErrorCode::server_clock, "the clock is not believed"};
  };
  return {.admit = admit, .clock = believed, .tokens = tokens};
}

}  // namespace server
