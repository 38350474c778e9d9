#pragma once

#include "server/api/credentials.h"
#include "server/api/handlers/dossier_history.h"
#include "server/api/handlers/totals.h"
#include "server/api/request_budget.h"
#include "server/api/request_context.h"
#include "server/api/router.h"
#include "server/api/waiting_places.h"
#include "server/base/executors.h"
#include "server/session/http_api.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

namespace server {

/// The interface for other systems: finds the handler, asks who the caller is and what the caller
/// may see, and makes the answer with its entity tag.
///
/// Only requests whose credentials hold wait for the thread of the interface.  What needs none, or
/// shows wrong ones, is answered before: strangers, however many, take no reader's place.
///
///   GET /v1/dossiers/{id}/history   see DossierHistoryHandler
///   GET /v1/totals                  see TotalsHandler
///   GET /v1/openapi.json            the description of all this, without credentials
///   GET /v1/problems/{kind}         what a problem means, without credentials
///
/// State: who waits, what callers have asked lately, and what the handlers keep.
/// Thread: any.  Answers are made on the thread of the interface, which waits for the disk and the
///         projection; signatures are proved on the network's.
/// Lifetime: the network has ended and the thread of the interface is drained before the service
///           ends, and before the threads that it waits for end.
class ApiService : public HttpApi {
 public:
  struct Parts {
    ApiState state;
    Credentials::Ports credentials;
    std::function<bool()> is_repairing;
    ApiExecutor api_thread;
    NetworkExecutor network;
    WaitingPlaces::Limits waiting = {};
  };

  explicit ApiService(Parts parts);

  void answer(ApiRequest request, Calls calls) override;

 private:
  /// Answers without credentials.
  using OpenHandler =
      std::function<std::variant<ApiResponse, Problem>(const std::map<std::string, std::string>&)>;
  using AnyHandler = std::variant<OpenHandler, ApiHandler*>;
  using Match = Router<AnyHandler>::Match;

  /// A request on its way.
  struct Asked {
    ApiRequest request;
    Match match;
    Calls calls;
  };
  using AskedPtr = std::shared_ptr<const Asked>;

  void admit(const AskedPtr& asked, SignedRequest shown);
  void refuse(const Asked& asked, Refusal refusal);
  /// Answers on the thread of the interface, or says at once that too many wait for it.
  void wait_for_thread(const AskedPtr& asked, ApiReader reader);
  std::variant<ApiResponse, Problem> answer_reader(const Asked& asked, const ApiReader& reader);
  /// Fills in what the newest state says about the reader and the position, then lets the handler
  /// begin.
  std::variant<Rest, Problem> begin(RequestContext& context, const ApiReader& reader,
                                    ApiHandler& handler, events::Day today) const;

  Parts parts_;
  Credentials credentials_;
  RequestBudget budget_;
  DossierHistoryHandler history_;
  TotalsHandler totals_;
  Router<AnyHandler> router_;
  WaitingPlaces places_;
};

}  // namespace server
