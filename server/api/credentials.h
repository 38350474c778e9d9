#pragma once

#include "events/base/result.h"
#include "events/base/time.h"
#include "server/api/message_signature.h"
#include "server/api/problem.h"
#include "server/api/token_store.h"
#include "server/commit/admission.h"
#include "server/session/http_api.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>

namespace server {

/// A signed request is taken while its `created` is so near to the server's clock.  Who copies one
/// reads with it what its device may read, as long as that; it changes nothing.
inline constexpr std::chrono::seconds signature_window{300};

/// Who asks, and what that gives to read.
struct ApiReader {
  std::string name;           ///< "device 7", "token 3"; budgets are counted by it.
  events::ReaderScope scope;  ///< Of a device, by the roles of its people.
  /// Of a token: its unit; what lies in it is looked up in the state that answers.
  bool is_token = false;
  events::UnitId unit;
};

/// Why nobody is let in.
struct Refusal {
  Problem problem;
  std::string reason;              ///< One word for the log; empty: not worth a line.
  events::ChainNumber chain = {};  ///< That the credentials name.
};

/// A request that names a device's chain.  Whether that device signed it is not known yet.
struct SignedRequest {
  MessageSignature signature;
  events::ChainNumber chain;
};

/// Decides who a request comes from: a device of the log that signed it, or the bearer of a token.
///
/// Thread: any; nothing here waits.
class Credentials {
 public:
  struct Ports {
    using Admitted = std::function<void(events::Result<Admission>)>;
    /// Asks what the log knows of a chain, as for a greeting; see Pipeline::admit().  The answer
    /// comes on the log thread, and whoever takes it must only pass it on.
    std::function<void(events::ChainNumber, Admitted)> admit;
    /// Errors: server_clock: the clock may not be believed.
    std::function<events::Result<events::Timestamp>()> clock;
    const TokenStore& tokens;
  };

  /// Lifetime: the tokens outlive this object.
  explicit Credentials(Ports ports) : ports_(std::move(ports)) {}

  /// What a request shows: a token that holds, or a signature that is still to be proved.
  std::variant<ApiReader, SignedRequest, Refusal> look(const ApiRequest& request) const;
  /// Asks for what `prove` needs.
  void admit(events::ChainNumber chain, Ports::Admitted done) const {
    ports_.admit(chain, std::move(done));
  }
  /// Whether the device that a request names has signed it.
  /// Cost: a signature is verified.
  static std::variant<ApiReader, Refusal> prove(const ApiRequest& request,
                                                const SignedRequest& shown,
                                                const events::Result<Admission>& admission);

 private:
  std::variant<ApiReader, SignedRequest, Refusal> look_at_token(const ApiRequest& request,
                                                                events::Timestamp now) const;

  Ports ports_;
};

}  // namespace server
