#include "server/page/site.h"

#include <utility>

namespace server {
namespace {

constexpr std::string_view document_path = "/index.html";
constexpr std::string_view gzip_suffix = ".gz";

}  // namespace

Site::Site(std::vector<Asset> assets, std::vector<std::string> bytes) : bytes_(std::move(bytes)) {
  for (Asset& asset : assets) {
    std::string path = asset.path;
    assets_.insert_or_assign(std::move(path), std::move(asset));
  }
}

Site::Found Site::find(std::string_view path) const {
  if (path == "/") path = document_path;
  const auto found = assets_.find(path);
  if (found != assets_.end()) return {&found->second, false};
  if (!path.ends_with(gzip_suffix)) return {};
  const auto packed = assets_.find(path.substr(0, path.size() - gzip_suffix.size()));
  if (packed == assets_.end() || packed->second.gzip.empty()) return {};
  return {&packed->second, true};
}

std::string_view bytes_of_form(const Asset& asset, AssetForm form) {
  switch (form) {
    case AssetForm::brotli:
      return asset.brotli;
    case AssetForm::gzip:
    case AssetForm::gzip_file:
      return asset.gzip;
    case AssetForm::plain:
      break;
  }
  return asset.plain;
}

}  // namespace server
