#include "sensor/lane/lane_flow.h"

#include <string.h>

static void take_verdict(struct lane *lane, struct lane_flow *flow,
			 const struct dpi_verdict *verdict)
{
	struct fact_names *names = lane_names(lane, flow);

	memcpy(names->protocol, verdict->protocol, sizeof(names->protocol));
	names->risks = verdict->risks;
	names->is_guess = verdict->is_guess;
	if (names->host[0] == '\0' && lane_is_name(verdict->host)) {
		memcpy(names->host, verdict->host, sizeof(verdict->host));
		names->host_source = HOST_DPI;
	}
}

static void give_back(struct lane *lane, struct lane_flow *flow)
{
	dpi_flow_release(lane_dpi_state(slab_at(lane->dpi_flows, flow->dpi)));
	slab_give_back(lane->dpi_flows, flow->dpi);
	flow->dpi = 0;
	flow->is_dpi_done = true;
}

void lane_finish_dpi(struct lane *lane, struct lane_flow *flow)
{
	struct dpi_verdict verdict;

	if (flow->dpi == 0)
		return;
	dpi_finish(lane->dpi, lane_dpi_state(slab_at(lane->dpi_flows, flow->dpi)), &verdict);
	take_verdict(lane, flow, &verdict);
	give_back(lane, flow);
}

/* State is made at the first payload: a scan's empty handshakes never need any. */
static struct lane_dpi *dpi_of(struct lane *lane, struct lane_flow *flow, uint32_t handle)
{
	if (flow->dpi != 0)
		return slab_at(lane->dpi_flows, flow->dpi);

	flow->dpi = slab_take(lane->dpi_flows);
	if (flow->dpi == 0) {
		const struct lane_dpi *oldest =
			slab_at(lane->dpi_flows, slab_oldest(lane->dpi_flows));

		lane_finish_dpi(lane, slab_at(lane->flows, oldest->owner));
		lane->stats.dpi_evicted++;
		flow->dpi = slab_take(lane->dpi_flows);
	}

	struct lane_dpi *dpi = slab_at(lane->dpi_flows, flow->dpi);

	dpi->owner = handle;
	return dpi;
}

bool lane_show_dpi(struct lane *lane, uint32_t handle, const struct packet *packet,
		   const struct lane_packet *record)
{
	struct lane_flow *flow = slab_at(lane->flows, handle);
	struct dpi_verdict verdict;

	if (flow->is_dpi_done)
		return false;

	struct lane_dpi *dpi = dpi_of(lane, flow, handle);

	dpi_packet(lane->dpi, lane_dpi_state(dpi), packet->ip, packet->time,
		   record->touch.from_client, &verdict);
	if (verdict.is_final) {
		take_verdict(lane, flow, &verdict);
		give_back(lane, flow);
	} else if (record->touch.payload_packets_before + 1 >= LANE_HANDSHAKE_PACKETS) {
		lane_finish_dpi(lane, flow);
	}
	return flow->is_dpi_done;
}
