#include "server/bundle/bundle_service.h"

#include "events/base/time.h"
#include "platform/random.h"
#include "server/store/disk_floor.h"

#include <algorithm>
#include <fstream>
#include <vector>

namespace server {

using events::Result;

std::unique_ptr<BundleService::Place> BundleService::enter() {
  if (++taken_ > bundles_at_once_max) {
    --taken_;
    return nullptr;
  }
  return std::make_unique<Place>(taken_);
}

Result<std::unique_ptr<SpoolFile>> BundleService::spool() const {
  return SpoolFile::make(parts_.directory / "spool");
}

Result<void> BundleService::check_room() const {
  DiskFloor floor;
  floor.free_bytes_min = bundle_free_bytes_min;
  return floor.check(parts_.directory);
}

Result<events::SealingSecret> BundleService::draw_secret() {
  events::SealingSecret secret;
  platform::fill_random(secret.bytes);
  return secret;
}

void BundleService::keep_evidence(SpoolFile& bundle, const events::bundle::BundleHeader& header,
                                  const events::Error& why, events::Timestamp now) {
  const std::scoped_lock lock(evidence_);
  const std::filesystem::path folder = parts_.directory / "refused";
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  std::vector<std::filesystem::path> kept;
  std::filesystem::directory_iterator each(folder, ignored);
  for (; !ignored && each != std::filesystem::directory_iterator(); each.increment(ignored)) {
    if (each->path().extension() == ".csb") kept.push_back(each->path());
  }
  std::ranges::sort(kept);  // The names begin with the time.
  for (std::size_t index = 0; index + refused_bundles_max <= kept.size(); ++index) {
    std::filesystem::remove(kept[index], ignored);
    std::filesystem::remove(kept[index].replace_extension(".txt"), ignored);
  }

  const std::string name = std::to_string(now.value) + "-" + std::to_string(header.chain.value);
  std::ofstream text(folder / (name + ".txt"));
  text << "received " << events::to_iso(now) << "\nchain " << header.chain.value << "\nbundle "
       << events::to_hex(events::bundle::header_digest(header).bytes) << "\ncreated "
       << events::to_iso(header.created) << "\nbytes " << bundle.size() << "\nrefused "
       << events::name_of(why.code) << ": " << why.message << "\n";
  std::ofstream file(folder / (name + ".csb"), std::ios::binary);
  if (!bundle.rewind()) return;
  events::Bytes chunk(64 * 1024);
  for (std::uint64_t left = std::min(bundle.size(), refused_bytes_max); left > 0;) {
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(left, chunk.size()));
    const Result<std::size_t> size = bundle.read(std::span(chunk).first(wanted));
    if (!size || *size == 0) return;
    file.write(reinterpret_cast<const char*>(chunk.data()), static_cast<std::streamsize>(*size));
    left -= *size;
  }
}

}  // namespace server
