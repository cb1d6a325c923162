package io.waymark.gateway;

import java.util.function.Consumer;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** Only messages matter. */
record Paho3Callback(Consumer<MqttMessage> messages) implements MqttCallback {
    @Override
    public void connectionLost(Throwable cause) {}

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        messages.accept(message);
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}
}
