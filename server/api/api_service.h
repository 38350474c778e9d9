#pragma once

#include "server/api/credentials.h"
#include "server/api/handlers/dossier_history.h"
#include "server/api/handlers/totals.h"
#include "server/api/request_budget.h"
#include "server/api/request_context.h"
#include "server/api/router.h"
#include "server/base/executors.h"
#include "server/session/http_api.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <variant>

namespace server {

/// The most requests that may wait for the thread of the interface; one more is answered `busy`.
inline constexpr std::size_t api_waiting_max = 64;

/// The interface for other systems: finds the handler, asks who the caller is and what the caller
/// may see, and makes the answer with its entity tag.
///
///   GET /v1/dossiers/{id}/history   see DossierHistoryHandler
///   GET /v1/totals                  see TotalsHandler
///   GET /v1/openapi.json            the description of all this, without credentials
///   GET /v1/problems/{kind}         what a problem means, without credentials
///
/// State: what callers have asked lately, and what the handlers keep.
/// Thread: `answer`: any.  `serve`: one at a time; it waits for the disk, the projection and the
///         log thread.
/// Lifetime: the thread of the interface is drained before the service ends, and before the threads
///           that it waits for end.
class ApiService : public HttpApi {
 public:
  struct Parts {
    ApiState state;
    Credentials::Ports credentials;
    std::function<bool()> is_repairing;
    ApiExecutor api_thread;
  };

  explicit ApiService(Parts parts);

  void answer(ApiRequest request, std::function<void(ApiAnswer)> done) override;
  /// The whole answer to one request.
  ApiAnswer serve(const ApiRequest& request);

 private:
  /// Answers without credentials.
  using OpenHandler =
      std::function<std::variant<ApiResponse, Problem>(const std::map<std::string, std::string>&)>;
  using AnyHandler = std::variant<OpenHandler, ApiHandler*>;
  using Match = Router<AnyHandler>::Match;

  std::variant<ApiResponse, Problem> answer_reader(const ApiRequest& request, const Match& match,
                                                   const ApiReader& reader, ApiHandler& handler);
  /// Fills in what the newest state says about the reader and the position, then lets the handler
  /// begin.
  std::variant<Rest, Problem> begin(RequestContext& context, const ApiReader& reader,
                                    ApiHandler& handler) const;

  Parts parts_;
  Credentials credentials_;
  RequestBudget budget_;
  DossierHistoryHandler history_;
  TotalsHandler totals_;
  Router<AnyHandler> router_;
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace server
