#pragma once

#include "events/base/result.h"
#include "events/base/time.h"
#include "server/api/problem.h"
#include "server/api/token_store.h"
#include "server/commit/admission.h"
#include "server/session/http_api.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
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

/// Decides who a request comes from: a device of the log that signed it, or the bearer of a token.
class Credentials {
 public:
  struct Ports {
    /// What the log knows of a chain, as for a greeting; see Pipeline::admit().  It may wait.
    std::function<events::Result<Admission>(events::ChainNumber)> admit;
    /// Errors: server_clock: the clock may not be believed.
    std::function<events::Result<events::Timestamp>()> clock;
    const TokenStore& tokens;
  };

  /// Lifetime: the tokens outlive this object.
  explicit Credentials(Ports ports) : ports_(std::move(ports)) {}

  std::variant<ApiReader, Refusal> check(const ApiRequest& request) const;

 private:
  std::variant<ApiReader, Refusal> check_token(const ApiRequest& request,
                                               events::Timestamp now) const;
  std::variant<ApiReader, Refusal> check_device(const ApiRequest& request,
                                                events::Timestamp now) const;

  Ports ports_;
};

}  // namespace server
