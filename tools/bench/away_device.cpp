#include "tools/bench/away_device.h"

#include "clients/device/rocksdb_store.h"
#include "events/base/check.h"
#include "tools/bench/many_devices.h"

#include <utility>

namespace bench {

void AwayDevice::enrol(const Corpus& corpus, server::Pipeline& pipeline) {
  enrol_devices(corpus, pipeline, 1);
}

AwayDevice::AwayDevice(const std::filesystem::path& directory, const Endpoint& server)
    : home_(directory) {
  {
    const auto store = clients::RocksdbStore::open(home_, true).value();
    const events::protocol::Hello hello = hello_of_device(0);
    clients::StoreChange change;
    change.identity.emplace();
    change.identity->seed = seed_of_device(0);
    change.identity->log = hello.log;
    change.identity->chain = hello.chain;
    change.identity->server_key = Corpus::server_key().public_key();
    change.identity->label = "Máy xã";
    clients::ServerEndpoint::note_server(change, server.url, server.authorities);
    CHECK(store->commit(change), "scratch space takes a device");
  }
  restart();
}

void AwayDevice::restart() {
  device_.reset();
  auto device = clients::Device::open(home_);
  CHECK(device, "the device was just made");
  device_ = std::move(*device);
}

}  // namespace bench
