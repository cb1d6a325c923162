package io.waymark.resolver;

import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.List;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Interface;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;

/** The reference client of the Handle System with a node as its root: it knows the node's address and nothing else. */
final class CnriClient {
    private final HandleResolver resolver;
    private final SiteInfo site;

    CnriClient(NodeHarness harness) throws Exception {
        resolver = OfflineResolver.create();
        // records with signatures outgrow datagrams, and this client waits long before it tries another way
        resolver.setPreferredProtocols(new int[] {Interface.SP_HDL_TCP});
        InetSocketAddress http = harness.node.httpAddress();
        GenericRequest question = new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null);
        site = ((GetSiteInfoResponse) resolver.sendHttpRequest(question, http.getAddress(), http.getPort())).siteInfo;
        resolver.getConfiguration().setGlobalSites(new SiteInfo[] {site});
    }

    HandleResolver resolver() {
        return resolver;
    }

    List<HandleValue> resolve(String handle) throws Exception {
        return List.of(resolver.resolveHandle(handle, null, null));
    }

    HandleValue value(String handle, int index) throws Exception {
        return resolve(handle).stream()
                .filter(v -> v.getIndex() == index)
                .findFirst()
                .orElseThrow();
    }

    /** The key the node's answers are signed with. */
    PublicKey serverKey() throws Exception {
        return site.servers[0].getPublicKey();
    }
}
