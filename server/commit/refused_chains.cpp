#include "server/commit/refused_chains.h"

#include "platform/secret_file.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace server {

using events::ChainNumber;
using events::Error;
using events::ErrorCode;
using events::Result;

Result<std::set<ChainNumber>> RefusedChains::read(const std::filesystem::path& path) {
  std::set<ChainNumber> chains;
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return chains;
  const Result<std::string> content = platform::read_secret(path);
  if (!content) return content.error();
  std::string_view rest = *content;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    std::uint32_t number = 0;
    const auto [end, wrong] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (wrong != std::errc{} || end != line.data() + line.size() || number == 0) {
      return Error{ErrorCode::storage_corrupt,
                   path.string() + ": \"" + std::string(line) + "\" is not the number of a chain"};
    }
    chains.insert(ChainNumber{number});
  }
  return chains;
}

Result<void> RefusedChains::set(ChainNumber chain, bool is_refused) {
  const std::scoped_lock lock(mutex_);
  std::set<ChainNumber> after = chains_;
  if (is_refused) after.insert(chain);
  if (!is_refused) after.erase(chain);
  if (after == chains_) return {};
  std::string content;
  for (const ChainNumber each : after) content += std::to_string(each.value) + "\n";
  if (Result<void> kept = platform::replace_secret(path_, content); !kept) {
    return Error{ErrorCode::storage_failed, kept.error().message};
  }
  chains_ = std::move(after);
  return {};
}

std::vector<ChainNumber> RefusedChains::all() const {
  const std::scoped_lock lock(mutex_);
  return {chains_.begin(), chains_.end()};
}

Result<void> RefusedChains::check(const projections::Access& access, ChainNumber chain) const {
  const std::scoped_lock lock(mutex_);
  if (chains_.empty()) return {};
  for (ChainNumber each = chain;;) {
    if (chains_.contains(each)) {
      return Error{ErrorCode::not_permitted, "the operator of the server has set the device aside"};
    }
    const projections::Device* const device = access.device_of(each);
    if (device == nullptr || device->continues.value == 0 || device->continues >= each) return {};
    each = device->continues;
  }
}

}  // namespace server
