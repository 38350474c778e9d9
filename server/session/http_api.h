#pragma once

#include "events/base/ids.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

/// Requests for the interface for other systems begin with this path.
inline constexpr std::string_view api_prefix = "/v1/";

/// A request to the interface for other systems.  It has no body: what came is not passed on.
/// A header that did not come is empty; one that came more than once is joined by ", ".
struct ApiRequest {
  std::string method;     ///< "GET", as it came.
  std::string target;     ///< Path and query, as they came.
  std::string authority;  ///< Of the header Host, as it came.
  std::string authorization;
  std::string signature_input;
  std::string signature;
  std::string if_none_match;
};

struct ApiResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The value of a header; empty when there is none.  Names as they were set.
  std::string_view header(std::string_view name) const {
    for (const auto& [each, value] : headers) {
      if (each == name) return value;
    }
    return {};
  }
};

/// What the caller showed of itself.
enum class ApiCaller : std::uint8_t {
  unproved,  ///< No credentials, or nothing that needed any.
  refused,   ///< Credentials that are not taken.
  proved,    ///< A device of the log, or a token that holds.
};

struct ApiAnswer {
  ApiResponse response;
  ApiCaller caller = ApiCaller::unproved;
  std::string reason;                ///< Why credentials were refused, one word for the log.
  std::uint32_t refused_number = 0;  ///< Of the chain that refused credentials name; 0: none.
};

/// The interface for other systems, as connections see it.
///
/// Thread: any.
/// Lifetime: it outlives every connection; an answer may come after the connection has ended.
class HttpApi {
 public:
  /// What is called on any thread; either must only pass on what it is told.
  struct Calls {
    std::function<void()> proved;         ///< The credentials hold; the answer may take its time.
    std::function<void(ApiAnswer)> done;  ///< Once.
  };

  virtual ~HttpApi() = default;
  virtual void answer(ApiRequest request, Calls calls) = 0;
};

}  // namespace server
