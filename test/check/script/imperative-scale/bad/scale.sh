kubectl scale deployment/api --replicas=5
kubectl -n ai scale --replicas 4 deployment worker
docker compose up -d --scale web=3
kubectl --context production scale deployment/other --replicas=1
