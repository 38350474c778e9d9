#pragma once

#include "server/api/problem.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace server {

/// The longest target that is read, in bytes, as it came.
inline constexpr std::size_t target_bytes_max = 2'048;
inline constexpr std::size_t query_parameters_max = 16;

/// The target of a request, taken apart and decoded.
struct ApiTarget {
  std::vector<std::string> segments;         ///< Of the path: "/v1/totals" has two.
  std::map<std::string, std::string> query;  ///< Each name once.
};

/// Takes a target apart.  Segments are decoded after they were parted, so "%2F" parts nothing.
std::variant<ApiTarget, Problem> read_target(std::string_view target);

/// The path of a target as it came, for problems and signatures.
std::string_view path_of(std::string_view target);
/// The query of a target as it came, with its "?"; only "?" when there is none.
std::string query_of(std::string_view target);

/// A pattern of paths, "/v1/dossiers/{id}/history": a segment in braces takes any one that is not
/// empty and gives it a name.
class PathPattern {
 public:
  explicit PathPattern(std::string_view pattern);
  /// The named segments when the path fits.
  std::optional<std::map<std::string, std::string>> match(
      const std::vector<std::string>& segments) const;

 private:
  std::vector<std::string> segments_;
};

/// Finds the handler for a request: pure, and with the same answers for every router.  HEAD is
/// found where GET is.  A path that is known with other methods is answered 405 with Allow; a
/// parameter of the query that the route does not name is refused, so that a typing mistake does
/// not give other figures than were meant.
template <class Handler>
class Router {
 public:
  struct Match {
    const Handler* handler = nullptr;  ///< Lifetime: the router's.
    std::map<std::string, std::string> path;
    std::map<std::string, std::string> query;
  };

  /// `parameters`: the names that the query may have.
  void add(std::string method, std::string_view pattern, std::vector<std::string> parameters,
           Handler handler) {
    routes_.push_back(
        {std::move(method), PathPattern(pattern), std::move(parameters), std::move(handler)});
  }

  std::variant<Match, Problem> find(std::string_view method, std::string_view target) const {
    std::variant<ApiTarget, Problem> read = read_target(target);
    if (Problem* const problem = std::get_if<Problem>(&read)) return std::move(*problem);
    ApiTarget& asked = std::get<ApiTarget>(read);
    const std::string_view wanted = method == "HEAD" ? std::string_view("GET") : method;
    std::string allow;
    for (const Route& route : routes_) {
      auto path = route.pattern.match(asked.segments);
      if (!path) continue;
      if (route.method != wanted) {
        allow += (allow.empty() ? "" : ", ") + route.method;
        if (route.method == "GET") allow += ", HEAD";
        continue;
      }
      if (std::optional<Problem> unknown = find_unknown(asked, route.parameters)) {
        return std::move(*unknown);
      }
      return Match{&route.handler, std::move(*path), std::move(asked.query)};
    }
    if (allow.empty()) return Problem{ProblemKind::not_found, "no such path"};
    return Problem{.kind = ProblemKind::method_not_allowed,
                   .detail = "this path answers " + allow,
                   .allow = allow};
  }

 private:
  struct Route {
    std::string method;
    PathPattern pattern;
    std::vector<std::string> parameters;
    Handler handler;
  };

  static std::optional<Problem> find_unknown(const ApiTarget& asked,
                                             const std::vector<std::string>& parameters) {
    for (const auto& [name, value] : asked.query) {
      bool is_known = false;
      for (const std::string& each : parameters) is_known = is_known || each == name;
      if (!is_known) {
        return Problem{ProblemKind::invalid_parameter, "this path has no such parameter", name};
      }
    }
    return std::nullopt;
  }

  std::vector<Route> routes_;
};

}  // namespace server
