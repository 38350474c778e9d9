#include "tools/bench/field_devices.h"

#include "events/base/check.h"

#include <fstream>
#include <string>

namespace bench {

using pilot::need;

FieldDevices::FieldDevices(const std::filesystem::path& directory) {
  const std::filesystem::path data = directory / "server";
  std::filesystem::create_directories(data);
  server_.emplace(data, true);
  std::string code;
  CHECK(std::ifstream(data / "founding-code") >> code, "an empty server has a founding code");
  const events::PersonRecord administrator{"Nguyễn Thị Minh Khai", {1979, 0, 0}, 1, "", ""};
  const Endpoint& at = server_->endpoint();
  auto admin =
      need(clients::Device::found(directory / "administrator", at.url, code, "titles.example/bench",
                                  administrator, "Quản trị", at.authorities),
           "founding");
  need(admin->sync("", {}), "the administrator's device");
  const std::filesystem::path root = KHUYENHOC_SOURCE_DIR;
  setup_ =
      pilot::provision(*admin, pilot::read_criteria(root / "projections/criteria/sets"), 2020);
  city_ = enrol(directory / "city", setup_.city_code);
  for (const pilot::CommuneSetup& commune : setup_.communes) {
    communes_.push_back(enrol(directory / commune.plan->key, commune.code));
  }
}

std::unique_ptr<clients::Device> FieldDevices::enrol(const std::filesystem::path& home,
                                                     const std::string& code) {
  const Endpoint& at = server_->endpoint();
  auto device =
      need(clients::Device::enrol(home, at.url, code, "Máy", at.authorities), "enrolling");
  need(device->sync("", {}), "the first synchronisation");
  return device;
}

pilot::FieldWork FieldDevices::register_citizens(std::size_t commune, std::uint64_t seed,
                                                 std::size_t citizens_max) {
  return pilot::register_citizens(*communes_[commune], setup_.communes[commune], setup_, seed,
                                  citizens_max);
}

}  // namespace bench
